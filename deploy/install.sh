#!/bin/sh
# 离线安装：在解开的安装包里运行  sh install.sh [装到哪里，默认 /opt/huitoukan]
# 另用一个 Python：PYTHON=/opt/python/bin/python3.11 sh install.sh
# 不用联网。每个版本装在自己的文件夹里，装好才换上；正在运行的旧版本不受影响，重启服务才用新的。
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-/opt/huitoukan}
python=${PYTHON:-python3}

cd "$here"
echo "核对文件"
sha256sum --check --quiet SHA256SUMS || {
    echo "文件不完整，或者被改过，没有安装：请重新拷贝整个安装包" >&2
    exit 1
}
if [ "$(uname -m)" != "$(cat ARCH)" ]; then
    echo "这个安装包是给 $(cat ARCH) 的，这台电脑是 $(uname -m)：请换对应的安装包" >&2
    exit 1
fi
if ! command -v "$python" >/dev/null || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "要 Python 3.11 或更新的（README.zh.md 的“启动”有做法），再写明用哪个：PYTHON=/路径/python3.11 sh install.sh" >&2
    exit 1
fi
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
wheel=$(ls wheels/huitoukan-*.whl)
name=$(basename "$wheel" | cut -d- -f2)-python$version-$(sha256sum SHA256SUMS | cut -c1-8)

mkdir -p "$target"
new=$target/versions/$name
if [ ! -e "$new/.installed" ]; then
    echo "安装到 $new"
    rm -rf "$new"
    mkdir -p "$target/versions"
    "$python" -m venv --without-pip "$new"
    # The bundle's own pip: the machine may have none, or an old one.
    pip() { PYTHONPATH=$(ls "$here"/wheels/pip-*.whl) "$python" -m pip --python "$new/bin/python" "$@"; }
    pip install --quiet --disable-pip-version-check --no-index --find-links wheels --no-deps --require-hashes \
        --requirement requirements.txt || {
        echo "没有装成：安装包里没有给 Python $version 的库，或者这台电脑的系统太旧（glibc 要 2.28 以上）" >&2
        exit 1
    }
    pip install --quiet --disable-pip-version-check --no-index --no-deps "$wheel"
    touch "$new/.installed"
fi
cp -r deploy README.zh.md CHANGELOG.md LICENSE "$target/"
# Replaced in one step; a folder of an older installation is kept aside.
if [ -d "$target/.venv" ] && [ ! -L "$target/.venv" ]; then mv "$target/.venv" "$target/versions/before"; fi
ln -sfn "versions/$name" "$target/.venv.new"
mv -T "$target/.venv.new" "$target/.venv"
"$target/.venv/bin/huitoukan" --version
echo "装好了。第一次装的，接着做 README.zh.md“长期运行”；升级的，运行 $target/.venv/bin/huitoukan upgrade，再重启服务"
