#!/bin/sh
# Says, before anything is installed, what the Python named lacks: python.sh PYTHON
set -eu
python=$1

if ! command -v "$python" >/dev/null; then
    echo "There is no $python here. Name a Python of 3.11 or newer: make run PYTHON=/path/to/python3.11" >&2
    exit 1
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed, and $python is older. Name a newer one: make run PYTHON=python3.11" >&2
    exit 1
}
"$python" -m pip --version >/dev/null || {
    echo "$python has no pip. Install it first (Debian: apt-get install python3-pip)" >&2
    exit 1
}
