#!/bin/sh
# Show the program on the sample visit: in the window where there is a display, else as text.
# The sample's diagnosis list misuses a code on purpose, so its right end is "findings that block".
set -eu
visit=$1
date=$2
root=$(cd "$(dirname "$0")/.." && pwd)

scribe() {
    "$root/.venv/bin/python" -m scribe.cli "$@"
}

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ] || [ "$(uname)" = Darwin ]; then
    echo "Opening the sample visit in the window (its draft is written while you watch)."
    scribe window --visit "$visit" --date-of-service "$date"
    exit
fi

echo "No display here, so the sample visit is shown as text. This takes a few minutes."
code=0
scribe note "$visit" --date-of-service "$date" || code=$?
echo
case $code in
    0) echo "The note has no finding that blocks signing." ;;
    1) echo "This is the right end of the sample: the code check found what must not be claimed." ;;
    *) exit "$code" ;;
esac
