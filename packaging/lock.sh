#!/bin/sh
# Write the lock files: every library with the hashes of all its archives, for every platform and
# Python from 3.11 on. No index address is kept, so each machine uses the one pip is set up for.
set -eu
cd "$(dirname "$0")/.."
compile() {
    out=$1
    shift
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
        --output-file "packaging/$out" "$@"
}
compile requirements.lock pyproject.toml
compile requirements-dev.lock --constraint packaging/requirements.lock pyproject.toml \
    --group pyproject.toml:dev
compile quick-unlock.lock --constraint packaging/requirements.lock pyproject.toml \
    --extra quick-unlock
compile build.lock --group pyproject.toml:build
