"""Makes a bundle of Chromium with all that it needs, for machines of this Debian release without internet.

``make browserbundle``; apart from the program's own bundle, since only a machine with a screen, or one that runs the
browser tests, needs it. Packages are fetched and verified by apt; the bundle holds their checksums and has one itself.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import make_bundle

PACKAGES = ("chromium", "fonts-wqy-zenhei")
"""Chinese pages need a font, which a bare Debian lacks."""
_INSTALLED = re.compile(r"^Inst (\S+) ", re.MULTILINE)
_HOW = """\
离线安装 Chromium：在解开的文件夹里，先核对，再用 root 安装。
    sha256sum --check --quiet SHA256SUMS
    apt-get install --no-install-recommends ./debs/*.deb
给 {release} {arch} 用；别的系统请在同样的、能联网的电脑上运行 make browserbundle 另做一份。
"""

Run = Callable[[Sequence[str], Path], str]
"""Runs a command in a folder; returns what it prints."""


def make_chromium_bundle(out: Path, run: Run) -> Path:
    """Write the bundle's folder and its archive; returns the archive."""
    arch = run(["dpkg", "--print-architecture"], out).strip()
    version = run(["apt-cache", "policy", PACKAGES[0]], out).partition("Candidate:")[2].split()[0]
    release = run(["sh", "-c", '. /etc/os-release; printf %s "$ID-$VERSION_CODENAME"'], out)
    folder = out / f"huitoukan-chromium-{version.partition('-')[0]}-{release}-{arch}"
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "debs").mkdir(parents=True)
    run(["apt-get", "download", *_needed(run, out)], folder / "debs")
    (folder / "README.txt").write_text(_HOW.format(release=release, arch=arch), encoding="utf-8")
    return make_bundle.pack(folder)


def _needed(run: Run, folder: Path) -> list[str]:
    """All packages that a machine with none of them would install."""
    with tempfile.NamedTemporaryFile() as nothing:
        bare = ["-o", f"Dir::State::status={nothing.name}", "--no-install-recommends", "--simulate"]
        said = run(["apt-get", "install", *bare, *PACKAGES], folder)
    return sorted({*_INSTALLED.findall(said)})


def _run(command: Sequence[str], folder: Path) -> str:
    return subprocess.run(command, cwd=folder, check=True, stdout=subprocess.PIPE, text=True).stdout  # noqa: S603


def main() -> None:
    """Make the bundle for this machine's system."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=make_bundle.PROJECT / "build" / "bundle")
    out = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    if not shutil.which("apt-get"):
        parser.error("只能在 Debian 一类的系统上做：要用 apt-get")
    archive = make_chromium_bundle(out, _run)
    sys.stdout.write(f"{archive}\t{archive.stat().st_size // 1024 // 1024} MB\n")


if __name__ == "__main__":
    main()
