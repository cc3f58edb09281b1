"""The rules of names (ARCHITECTURE.md): one word, one thing."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("checklist", "build_scripts", "forms_server")
MOST_SHARED = 0.10
"""Share of all modules whose base name may stand in another package, too: models of the field have 9 to 27 %."""
PLACES_IN_A_PATTERN = {
    "common",
    "rows",
    "store",
    "scope_of",
    "command",
    "helpers",
    "utils",
    "util",
    "misc",
    "base_views",
}
"""Names that say nothing in a list of search results."""


def modules(package: str) -> Iterator[Path]:
    """Modules with a name of their own: migrations are numbered, and ``__init__`` is its package."""
    for path in sorted((ROOT / package).rglob("*.py")):
        if not path.name.startswith("__") and "versions" not in path.parts:
            yield path


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_name_stands_twice_in_a_package_tree(package):
    places = defaultdict(list)
    for path in modules(package):
        places[path.stem].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_few_module_names_stand_in_several_packages():
    names = [path.stem for package in PACKAGES for path in modules(package)]
    shared = [name for name in names if names.count(name) > 1]
    assert len(shared) <= MOST_SHARED * len(names), sorted(set(shared))


def test_no_public_class_name_stands_twice():
    places = defaultdict(list)
    for path in (path for package in PACKAGES for path in modules(package)):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(ROOT)))
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_no_module_is_named_for_its_place_in_a_pattern():
    named_so = [path for package in PACKAGES for path in modules(package) if path.stem in PLACES_IN_A_PATTERN]
    assert named_so == []


def test_no_module_is_longer_than_350_lines():
    def lines(path: Path) -> int:
        return len(path.read_text(encoding="utf-8").splitlines())

    tests = sorted((ROOT / "tests").rglob("*.py"))
    every = [*tests, *(path for package in PACKAGES for path in modules(package))]
    assert [path.relative_to(ROOT).as_posix() for path in every if lines(path) > 350] == []
