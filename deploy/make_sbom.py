"""Writes what the program is made of, from the hashed pins: an SBOM (CycloneDX 1.6) and a dated list of versions.

``python deploy/make_sbom.py FOLDER``; every bundle holds both. The same pins give the same bytes.
"""

import json
import re
import subprocess
import sys
import tomllib
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path
from typing import Any, NamedTuple

PROJECT = Path(__file__).resolve().parent.parent
SBOM, VERSIONS = "sbom.cdx.json", "versions.txt"
_PIN = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; \S+ == \"\w+\")? \\\n((?:    .*\n)*)", re.MULTILINE)
_HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_NAMESPACE = uuid.UUID("6f1c2f6e-8f0e-5d43-9a57-0b6b6a4f5f1e")


class Pinned(NamedTuple):
    """A library that is installed with the program."""

    name: str
    version: str
    hashes: tuple[str, ...]
    """SHA-256 of each file that may be installed for it."""
    licence: str
    """SPDX expression or words; empty if its package says none, or it is not installed here."""


def pinned(pins: str) -> Iterator[Pinned]:
    """The libraries of a file of pins."""
    for name, version, rest in _PIN.findall(pins):
        yield Pinned(name, version, tuple(_HASH.findall(rest)), _licence(name))


def _licence(name: str) -> str:
    try:
        said = metadata(name)
    except PackageNotFoundError:
        return ""
    classifiers = [each for each in said.get_all("Classifier") or () if each.startswith("License :: ")]
    words = said["License-Expression"] or "; ".join(each.rpartition(" :: ")[2] for each in classifiers)
    return words or (said["License"] or "").partition("\n")[0]


def sbom(pins: str, moment: datetime) -> dict[str, Any]:
    """The SBOM of a file of pins; ``moment`` is when they were last changed."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    program = f"huitoukan@{project['version']}"
    components = [_component(each) for each in pinned(pins)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(_NAMESPACE, program + pins)}",
        "version": 1,
        "metadata": {
            "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "component": {
                "type": "application",
                "bom-ref": program,
                "name": "huitoukan",
                "version": project["version"],
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": components,
        "dependencies": [{"ref": program, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _component(each: Pinned) -> dict[str, Any]:
    address = f"pkg:pypi/{each.name}@{each.version}"
    found: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": each.name,
        "version": each.version,
        "purl": address,
        "hashes": [{"alg": "SHA-256", "content": content} for content in each.hashes],
    }
    if each.licence:
        found["licenses"] = [{"license": {"name": each.licence}}]
    return found


def versions(pins: str, moment: datetime) -> str:
    """The list for people: names, versions and licences under the day of the pins."""
    rows = [f"{each.name} {each.version}  {each.licence}".rstrip() for each in pinned(pins)]
    return "\n".join([f"依赖的版本，{moment:%Y-%m-%d}", "", *rows, ""])


def moment_of(file: Path) -> datetime:
    """When a file was last committed; outside of a repository, last changed."""
    command = ["git", "-C", str(file.parent), "log", "-1", "--format=%ct", "--", file.name]
    try:
        said = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        said = ""
    return datetime.fromtimestamp(int(said) if said else int(file.stat().st_mtime), UTC)


def write(pins: str, folder: Path) -> None:
    """Write both files."""
    moment = moment_of(PROJECT / "requirements.txt")
    text = json.dumps(sbom(pins, moment), ensure_ascii=False, indent=1)
    (folder / SBOM).write_text(text + "\n", encoding="utf-8")
    (folder / VERSIONS).write_text(versions(pins, moment), encoding="utf-8")


if __name__ == "__main__":
    write((PROJECT / "requirements.txt").read_text(encoding="utf-8"), Path(sys.argv[1]))
