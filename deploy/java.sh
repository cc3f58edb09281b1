#!/bin/sh
# Installs a Java runtime, which Spark runs on, where the machine has none.
set -eu

if command -v java >/dev/null || [ -n "${JAVA_HOME:-}" ]; then exit 0; fi

if ! command -v apt-get >/dev/null; then
    echo "Spark needs Java 17 or newer. Install it with this system's package manager" >&2
    echo "(Fedora: dnf install java-21-openjdk-headless; Arch: pacman -S jre21-openjdk-headless), then try again." >&2
    exit 1
fi
if [ "$(id -u)" -eq 0 ]; then
    as_root=
elif command -v sudo >/dev/null; then
    as_root=sudo
else
    echo "Spark needs Java. As root: apt-get install default-jre-headless; then try again." >&2
    exit 1
fi

echo "Installing Java for Spark"
$as_root apt-get update --quiet --quiet
$as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --quiet --quiet --no-install-recommends default-jre-headless
