"""Makes a bundle for machines without internet: wheels of one architecture, checksums, an installer.

``make bundle``, or ``python deploy/make_bundle.py --out bundle --arch aarch64 --python 3.11``. Only this needs a
network. What runs on both architectures is pinned in ``requirements.txt``; a pin for another one is left out.
"""

import argparse
import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import make_sbom

PROJECT = Path(__file__).resolve().parent.parent
ARCHITECTURES = ("x86_64", "aarch64")
PYTHONS = ("3.11", "3.12", "3.13")
GLIBC = (17, 24, 26, 27, 28)
"""Minor versions of the C library whose wheels are taken; 2.28 is that of RHEL 8, Kylin V10 and openEuler 20.03."""

_PIN = re.compile(r'^[a-z0-9-]+==\S+(?: ; platform_machine == "(\w+)")? \\\n(?:    .*\n)*', re.MULTILINE)
_SUMS = "SHA256SUMS"

Download = Callable[[Path, Path, str, str], None]
"""Fetches what a file of pins names into a folder, for an architecture and a version of Python."""


def make_bundle(
    out: Path, arch: str, pythons: Sequence[str], project_wheel: Path, download: Download
) -> Path:
    """Write the bundle's folder and its archive; returns the archive.

    Args:
        out: folder for both.
        arch: as ``uname -m`` says it.
        pythons: versions that it is for.
        project_wheel: of this program.
        download: called for each version.
    """
    folder = out / f"huitoukan-{version()}-{arch}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "wheels").mkdir(parents=True)
    pins = folder / "requirements.txt"
    pins.write_text(pins_for(arch), encoding="utf-8")
    for python in pythons:
        download(pins, folder / "wheels", arch, python)
    shutil.copy(project_wheel, folder / "wheels")
    make_sbom.write(pins_for(arch), folder)
    for name in ("README.zh.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(PROJECT / name, folder)
    shutil.copytree(
        PROJECT / "deploy", folder / "deploy", ignore=shutil.ignore_patterns("__pycache__", "make_*")
    )
    shutil.move(folder / "deploy" / "install.sh", folder / "install.sh")
    (folder / "ARCH").write_text(f"{arch}\n", encoding="utf-8")
    return pack(folder)


def pack(folder: Path) -> Path:
    """Write checksums into a folder, and the folder into an archive beside it with its own; returns the archive."""
    (folder / _SUMS).write_text("".join(_sums(folder)), encoding="utf-8")
    archive = folder.with_name(f"{folder.name}.tar")
    with tarfile.open(archive, "w") as tar:  # not compressed: what is in it is
        tar.add(folder, folder.name)
    with archive.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    archive.with_name(f"{archive.name}.sha256").write_text(f"{digest}  {archive.name}\n", encoding="utf-8")
    return archive


def version() -> str:
    """The version of the source."""
    said = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    return str(said["project"]["version"])


def pins_for(arch: str) -> str:
    """The pins without those of another architecture."""
    text = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
    return _PIN.sub(lambda found: found[0] if found[1] in {None, arch} else "", text)


def _sums(folder: Path) -> Iterator[str]:
    """Lines for ``sha256sum --check``."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != _SUMS:
            yield f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"


def download_wheels(pins: Path, wheels: Path, arch: str, python: str) -> None:
    """Download wheels, for machines of whatever kind this one is; a library without one is an error."""
    platforms = [f"manylinux2014_{arch}", *(f"manylinux_2_{minor}_{arch}" for minor in GLIBC)]
    tags = [f"--platform={each}" for each in platforms]
    abis = [f"--abi={each}" for each in (f"cp{python.replace('.', '')}", "abi3", "none")]
    _pip("download", "--require-hashes", "--only-binary=:all:", "--implementation=cp", f"--python-version={python}",
         *abis, *tags, f"--dest={wheels}", f"--requirement={pins}")  # fmt: skip


def build_wheel(folder: Path) -> Path:
    """Build this program's wheel."""
    # setuptools would pack files of earlier builds.
    shutil.rmtree(PROJECT / "build" / "lib", ignore_errors=True)
    _pip("wheel", "--no-build-isolation", f"--wheel-dir={folder}", str(PROJECT))
    (made,) = folder.glob(f"huitoukan-{version()}-*.whl")
    return made


def _pip(command: str, *arguments: str) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--no-deps")
    subprocess.run([sys.executable, "-m", "pip", command, *options, *arguments], check=True)  # noqa: S603


def main() -> None:
    """Make a bundle for each architecture that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=PROJECT / "build" / "bundle")
    parser.add_argument("--arch", action="append", choices=ARCHITECTURES)
    parser.add_argument("--python", action="append")
    said = parser.parse_args()
    shutil.rmtree(said.out / "wheel", ignore_errors=True)
    wheel = build_wheel(said.out / "wheel")
    for arch in said.arch or ARCHITECTURES:
        archive = make_bundle(said.out, arch, said.python or PYTHONS, wheel, download_wheels)
        sys.stdout.write(f"{archive}\t{archive.stat().st_size // 1024 // 1024} MB\n")


if __name__ == "__main__":
    main()
