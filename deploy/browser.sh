#!/bin/sh
# Installs Chromium, which the browser tests drive, where the machine has none.
set -eu

for name in chromium chromium-browser google-chrome; do
    if command -v "$name" >/dev/null; then exit 0; fi
done

if ! command -v apt-get >/dev/null; then
    echo "The browser tests need Chromium. Install it with this system's package manager" >&2
    echo "(Fedora: dnf install chromium; Arch: pacman -S chromium), then run make test again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "The browser tests need Chromium. As root: apt-get install chromium; then run make test again." >&2
    exit 1
fi

echo "Installing Chromium for the browser tests"
$as_root apt-get update --quiet --quiet
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet --quiet --no-install-recommends chromium
