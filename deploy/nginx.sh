#!/bin/sh
# Installs nginx, behind which a test puts two web servers, where the machine has none.
set -eu

PATH=$PATH:/usr/sbin
if command -v nginx >/dev/null; then exit 0; fi

if ! command -v apt-get >/dev/null; then
    echo "A test needs nginx. Install it with this system's package manager" >&2
    echo "(Fedora: dnf install nginx; Arch: pacman -S nginx), then run make test again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "A test needs nginx. As root: apt-get install nginx-light; then run make test again." >&2
    exit 1
fi

echo "Installing nginx for a test"
$as_root apt-get update --quiet --quiet
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends nginx-light
