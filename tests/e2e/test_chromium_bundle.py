"""The bundle of Chromium: all packages, their checksums, and its own."""

import importlib
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from tests.unpacking import unpack

PROJECT = Path(__file__).parents[2]
SAID = """Reading package lists...
Inst libnss3 (2:3.87.1-1 Debian:12.11/oldstable [amd64])
Inst chromium (156.0.1-1~deb12u1 Debian-Security:12/oldstable-security [amd64])
Inst fonts-wqy-zenhei (0.9.45-8 Debian:12.11/oldstable [all])
Conf libnss3 (2:3.87.1-1 Debian:12.11/oldstable [amd64])
"""


def stand_in(command: Sequence[str], folder: Path) -> str:
    """What a Debian machine would say, and fetch."""
    if command[0] == "dpkg":
        return "amd64\n"
    if command[0] == "apt-cache":
        return "chromium:\n  Installed: (none)\n  Candidate: 156.0.1-1~deb12u1\n"
    if command[0] == "sh":
        return "debian-bookworm"
    if command[1] == "install":
        assert {"--simulate", "chromium", "fonts-wqy-zenhei"} <= set(command)
        return SAID
    for name in command[2:]:
        (folder / f"{name}_1.deb").write_bytes(name.encode())
    return ""


def test_it_holds_all_packages_and_their_checksums(tmp_path: Path) -> None:
    sys.path.insert(0, str(PROJECT / "deploy"))
    maker = importlib.import_module("make_chromium_bundle")
    archive = maker.make_chromium_bundle(tmp_path, stand_in)
    assert archive.name == "huitoukan-chromium-156.0.1-debian-bookworm-amd64.tar"
    told = (tmp_path / f"{archive.name}.sha256").read_text(encoding="utf-8").split()
    assert told == [sha256(archive.read_bytes()).hexdigest(), archive.name]
    with tarfile.open(archive) as tar:
        unpack(tar, tmp_path / "unpacked")
    (folder,) = (tmp_path / "unpacked").iterdir()
    assert sorted(path.name for path in (folder / "debs").iterdir()) == [
        "chromium_1.deb", "fonts-wqy-zenhei_1.deb", "libnss3_1.deb",
    ]  # fmt: skip
    check = ["sha256sum", "--check", "--quiet", "SHA256SUMS"]
    assert subprocess.run(check, cwd=folder, check=False).returncode == 0
    (folder / "debs" / "libnss3_1.deb").write_bytes(b"another")
    assert subprocess.run(check, cwd=folder, check=False, capture_output=True).returncode != 0
