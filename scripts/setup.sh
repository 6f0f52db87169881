#!/bin/sh
# Make the virtual environment from the lock file; the wheels stay in a folder, for tests that may not use a network.
set -eu

if ! "$PYTHON" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
    echo "helpdesk needs Python 3.11, 3.12 or 3.13; '$PYTHON' is another. Type: make PYTHON=python3.12 setup" >&2
    exit 1
fi
if ! "$PYTHON" -c 'import venv, ensurepip' 2>/dev/null; then
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        echo "installing python3-venv"
        apt-get update -qq
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends --no-remove python3-venv
    else
        echo "The module venv is missing. Type: sudo apt-get install python3-venv" >&2
        exit 1
    fi
fi
[ -x "$VENV/bin/python" ] || "$PYTHON" -m venv "$VENV"
mkdir -p "$WHEELS"
echo "fetching and installing the packages of requirements.lock (about a minute the first time)"
"$VENV/bin/python" -m pip download -q --disable-pip-version-check --require-hashes --only-binary :all: \
    -r requirements.lock -d "$WHEELS"
"$VENV/bin/python" -m pip install -q --disable-pip-version-check --require-hashes --no-index --find-links "$WHEELS" \
    -r requirements.lock
"$VENV/bin/python" -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation --no-index --editable .
