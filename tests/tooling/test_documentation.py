"""The papers at the top of the repository name places that exist, and every room."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAPERS = ("ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "README.md", "README.zh.md")
PACKAGES = ("checklist", "build_scripts", "forms_server")
_PLACE = re.compile(r"`((?:checklist|build_scripts|forms_server|tests|benchmarks|deploy)/[\w./-]*)`")


@pytest.mark.parametrize("paper", PAPERS)
def test_every_place_that_a_paper_names_exists(paper: str):
    named = _PLACE.findall((ROOT / paper).read_text(encoding="utf-8"))
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_the_architecture_names_every_room(package: str):
    words = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    rooms = [path.parent.name for path in (ROOT / package).glob("*/__init__.py")]
    assert [room for room in rooms if f"`{room}/`" not in words] == []


def test_the_architecture_fits_in_one_sitting():
    assert len((ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").splitlines()) <= 200


def test_the_catalogue_of_messages_says_where_other_sentences_stand():
    words = (ROOT / "checklist/messages.yml").read_text(encoding="utf-8")
    head = "".join(line for line in words.splitlines(keepends=True)[:25] if line.startswith("#"))
    named = re.findall(r"(?:checklist|build_scripts|forms_server)/[\w./]*", head)
    assert named
    assert [place for place in named if not (ROOT / place).exists()] == []
