"""The pins: complete, hashed, and the same on every machine."""

import re
import tomllib
from importlib.metadata import metadata
from pathlib import Path

import pytest
from packaging.specifiers import SpecifierSet

PROJECT = Path(__file__).parents[2]
PIN = re.compile(
    r"^([a-z0-9-]+)==(\S+)(?: ; platform_machine == \"x86_64\")? \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)",
    re.MULTILINE,
)
FILES = ["requirements", "requirements-spark", "requirements-dev"]


def text(name: str) -> str:
    return (PROJECT / name).read_text(encoding="utf-8")


def pins(name: str) -> dict[str, str]:
    return {match[1]: match[2] for match in PIN.finditer(text(f"{name}.txt"))}


def asked(name: str) -> set[str]:
    lines = (line.strip() for line in text(f"{name}.in").splitlines())
    return {re.split(r"[\[<>=;]", line)[0].lower() for line in lines if line and line[0] not in "#-"}


@pytest.mark.parametrize("name", FILES)
def test_nothing_but_hashed_pins_and_comments(name):
    rest = PIN.sub("", text(f"{name}.txt"))
    assert [line for line in rest.splitlines() if line and not line.lstrip().startswith("#")] == []


@pytest.mark.parametrize("name", FILES)
def test_no_index_host_or_path_of_a_machine(name):
    assert re.findall(r"://|--index|--find-links|--trusted-host|(?<=\s)/\w+/", text(f"{name}.txt")) == []


@pytest.mark.parametrize("name", FILES)
def test_what_is_asked_for_is_pinned(name):
    assert asked(name) <= pins(name).keys()


def test_tests_run_on_the_versions_that_users_get():
    users, ours = pins("requirements"), pins("requirements-dev")
    assert {name: ours[name] for name in users.keys() & ours.keys()} == {
        name: users[name] for name in users.keys() & ours.keys()
    }


@pytest.mark.parametrize("name", FILES)
def test_every_pin_installs_on_the_oldest_python_promised(name):
    """Debian 12 has Python 3.11.2, and some libraries' newest versions want 3.11.5."""
    oldest = tomllib.loads(text("pyproject.toml"))["project"]["requires-python"].removeprefix(">=") + ".0"
    wanted = {pin: metadata(pin)["Requires-Python"] or "" for pin in pins(name)}
    assert {pin: wants for pin, wants in wanted.items() if oldest not in SpecifierSet(wants)} == {}
