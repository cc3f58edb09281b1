"""The SBOM and the list of versions name every pinned library, with its hashes and licence."""

import importlib.util
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
PINS = (PROJECT / "requirements.txt").read_text(encoding="utf-8")
PINNED = dict(re.findall(r"^([a-z0-9-]+)==(\S+)", PINS, re.MULTILINE))
MOMENT = datetime(2026, 11, 30, 3, tzinfo=UTC)


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_sbom", PROJECT / "deploy" / "make_sbom.py")
    assert spec
    assert spec.loader
    module = sys.modules["make_sbom"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_pin_is_a_component_with_its_hashes(maker):
    found = maker.sbom(PINS, MOMENT)
    assert {each["name"]: each["version"] for each in found["components"]} == PINNED
    assert found["specVersion"] == "1.6"
    for each in found["components"]:
        assert each["purl"] == f"pkg:pypi/{each['name']}@{each['version']}"
        assert each["hashes"]
    hashes = PINS.count("--hash=sha256:")
    assert sum(len(each["hashes"]) for each in found["components"]) == hashes
    (root,) = found["dependencies"]
    assert len(root["dependsOn"]) == len(found["components"])


def test_licences_are_named(maker):
    found = {each.name: each.licence for each in maker.pinned(PINS)}
    unsaid = {name for name, licence in found.items() if not licence}
    assert unsaid <= {"apsw", "pysqlite3"}  # of either, one is installed on a machine


def test_the_same_pins_give_the_same_bytes(maker, tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        maker.write(PINS, tmp_path / name)
    for file in (maker.SBOM, maker.VERSIONS):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes()
    assert json.loads((tmp_path / "one" / maker.SBOM).read_text("utf-8"))["bomFormat"] == "CycloneDX"


def test_the_list_has_its_day(maker):
    listed = maker.versions(PINS, MOMENT)
    assert listed.startswith("依赖的版本，2026-11-30\n")
    assert all(f"{name} {version}" in listed for name, version in PINNED.items())
