"""The tables of standards: complete, current, and every test that they name is there."""

import ast
import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[2]
NAMES = ("asvs", "gbt22239")


def _maker() -> ModuleType:
    path = PROJECT / "deploy" / "make_security_tables.py"
    spec = importlib.util.spec_from_file_location("make_security_tables", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAKER = _maker()


def functions_of(path: Path) -> set[str]:
    """The names of a module's tests, those of classes, too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("name", NAMES)
def test_every_test_that_is_named_is_there(name):
    wrong = []
    for identity, line in MAKER.read(name)["lines"].items():
        for test in line.get("tests", ()):
            file, _, function = test.partition("::")
            path = PROJECT / file
            if not path.is_file() or (function and function not in functions_of(path)):
                wrong.append(f"{identity}: {test}")
    assert wrong == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_has_a_known_state_and_a_reason(name):
    said = MAKER.read(name)
    for identity, line in {**said["lines"], **said.get("chapters", {})}.items():
        assert line["is"] in MAKER.STATES[name], identity
        assert line["why"], identity


def test_every_requirement_of_levels_1_and_2_has_a_line():
    said = MAKER.read("asvs")
    for level, count in said["levels"].items():
        lines = [each for each in said["lines"].values() if each["level"] == level]
        of_chapters = [each["levels"].get(level, 0) for each in said["chapters"].values()]
        assert len(lines) + sum(of_chapters) == count, level


@pytest.mark.parametrize("name", NAMES)
def test_the_page_is_current(name):
    page = (PROJECT / "deploy" / "security" / f"{name}.md").read_text(encoding="utf-8")
    assert page == MAKER.table(name), "run python deploy/make_security_tables.py"
