#!/bin/sh
# Show the program on the sample visit: in the window where there is a display, else as text.
# The sample's diagnosis list misuses a code on purpose, so its right end is "findings that block".
set -eu
visit=$1
date=$2
scribe="$(dirname "$0")/../.venv/bin/python -m scribe.cli"

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
    exec $scribe window --visit "$visit" --date-of-service "$date"
fi

code=0
$scribe note "$visit" --date-of-service "$date" || code=$?
case $code in
    0) echo "The note has no finding that blocks signing." ;;
    1) echo "This is the right end of the sample: the code check found what must not be claimed." ;;
    *) exit "$code" ;;
esac
