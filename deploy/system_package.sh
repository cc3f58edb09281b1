#!/bin/sh
# Installs what the tests need of the system, where the machine has none: system_package.sh chromium|java|nginx|others
# "others" are Firefox and WebKit: where the system's packages lack them, their tests are skipped, which is said.
set -eu
wanted=$1
needed=yes

has() {
    for name in "$@"; do
        if command -v "$name" >/dev/null; then return 0; fi
    done
    return 1
}

case $wanted in
chromium)
    if has chromium chromium-browser google-chrome; then exit 0; fi
    packages=chromium why="The browser tests need Chromium"
    elsewhere="Fedora: dnf install chromium; Arch: pacman -S chromium"
    ;;
java)
    if has java || [ -n "${JAVA_HOME:-}" ]; then exit 0; fi
    packages=default-jre-headless why="Spark needs Java 17 or newer"
    elsewhere="Fedora: dnf install java-21-openjdk-headless; Arch: pacman -S jre21-openjdk-headless"
    ;;
nginx)
    PATH=$PATH:/usr/sbin
    if has nginx; then exit 0; fi
    packages=nginx-light why="A test needs nginx"
    elsewhere="Fedora: dnf install nginx; Arch: pacman -S nginx"
    ;;
others)
    if has firefox-esr firefox && has WebKitWebDriver && has Xvfb; then exit 0; fi
    packages="firefox-esr webkit2gtk-driver xvfb" why="Some tests drive Firefox and WebKit" needed=no
    elsewhere="Fedora: dnf install firefox webkitgtk6.0 xorg-x11-server-Xvfb"
    ;;
*)
    echo "system_package.sh chromium|java|nginx|others" >&2
    exit 2
    ;;
esac

give_up() {
    echo "$1" >&2
    if [ $needed = no ]; then
        echo "Their tests are skipped." >&2
        exit 0
    fi
    exit 1
}

if ! has apt-get; then
    give_up "$why. Install it with this system's package manager ($elsewhere), then try again."
elif [ "$(id -u)" -eq 0 ]; then
    as_root=
elif has sudo; then
    as_root=sudo
else
    give_up "$why. As root: apt-get install $packages; then try again."
fi

echo "Installing $packages"
$as_root apt-get update --quiet --quiet
# shellcheck disable=SC2086 # several packages
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --quiet --no-install-recommends $packages || {
    failed=$?
    if [ $needed = no ]; then give_up "$why, which could not be installed."; fi
    exit $failed
}
