"""Rules that stand in one place: who may ask for a role, which states count together, what time zone it is."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("checklist", "build_scripts", "forms_server")

DECIDE_BY_ROLE = {
    "forms_server/account.py": "roles and their names",
    "forms_server/access.py": "what a role may do",
    "forms_server/scope.py": "what a role sees",
    "forms_server/accounts/account_check.py": "in which units a role may be",
    "forms_server/accounts/password_slips.py": "the accounts that a unit is given",
    "forms_server/commands/init_command.py": "the first account",
    "forms_server/commands/ledger_commands.py": "in whose name the command line imports",
    "forms_server/commands/user_commands.py": "the last account of the office",
    "forms_server/demo/seed.py": "the accounts of the demonstration",
    "forms_server/web/figures/home_page.py": "which home page a role has",
}
"""Modules that name a role; all others ask ``access`` and ``scope``."""


def modules() -> Iterator[tuple[str, str]]:
    """Every module's path and text; migrations stay as they once were."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "versions" not in path.parts:
                yield path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")


def members(tree: ast.AST, enum: str) -> set[str]:
    """The members of an enum that a piece of code names."""
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == enum
    }


def test_only_a_few_modules_name_a_role():
    assert {name for name, text in modules() if members(ast.parse(text), "Role")} == set(DECIDE_BY_ROLE)


def test_no_page_compares_roles():
    pages = sorted((ROOT / "forms_server/web/templates").rglob("*.html"))
    compared = re.compile(r"\.role(\.value)?\s*(==|!=|in\b)")
    assert [page.name for page in pages if compared.search(page.read_text(encoding="utf-8"))] == []


def test_which_states_count_as_rectified_is_written_once_in_python():
    together = {
        name
        for name, text in modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Set | ast.Tuple | ast.List)
        and {"RECTIFIED", "CLOSED"} <= {state for each in node.elts for state in members(each, "State")}
        and not any(isinstance(each, ast.Tuple) for each in node.elts)
    }
    from_each_open_state = "forms_server/moves.py"  # what can be withdrawn, whether it counts or not
    assert together <= {"checklist/states.py", from_each_open_state}


def test_the_words_of_the_counted_states_stand_in_no_sql_but_the_auditors():
    words = re.compile(r"'(rectified|closed)'")
    assert {name for name, text in modules() if words.search(text)} == set()


def test_the_time_zone_is_named_once():
    named = re.compile(r"ZoneInfo\(|[\"']Asia/Shanghai[\"']")
    assert {name for name, text in modules() if named.search(text)} == {"checklist/china_time.py"}
