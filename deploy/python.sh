#!/bin/sh
# Says, before anything is installed, what the Python named lacks: python.sh PYTHON
set -eu
python=$1

if ! command -v "$python" >/dev/null; then
    echo "没有 ${python}。请写明 3.11 或更新的 Python 在哪里：make run PYTHON=/路径/python3.11" >&2
    exit 1
fi
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "要 Python 3.11 或更新的，${python} 太旧了。请另装一个（README.zh.md 的“启动”有做法），再写明用哪个：make run PYTHON=python3.11" >&2
    exit 1
}
"$python" -m pip --version >/dev/null || {
    echo "${python} 没有 pip，请先装上（Debian、Ubuntu：apt-get install python3-pip）" >&2
    exit 1
}
