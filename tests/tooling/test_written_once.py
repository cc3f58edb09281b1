"""Rules that stand in one place: who may ask for a role, which states count together, what time zone it is.

Which package may import which: the contracts in ``pyproject.toml`` (import-linter).
"""

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
    from_each_open_state = "forms_server/state_moves.py"  # what can be withdrawn, whether it counts or not
    assert together <= {"checklist/states.py", from_each_open_state}


def test_the_words_of_the_counted_states_stand_in_no_sql_but_the_auditors():
    words = re.compile(r"'(rectified|closed)'")
    assert {name for name, text in modules() if words.search(text)} == set()


def test_the_time_zone_is_named_once():
    named = re.compile(r"ZoneInfo\(|[\"']Asia/Shanghai[\"']")
    assert {name for name, text in modules() if named.search(text)} == {"checklist/china_time.py"}


def test_chinese_numerals_are_spelled_in_one_module():
    holding = {name for name, text in modules() if re.search("二三|贰叁", text)}
    assert holding == {"checklist/chinese_numerals.py"}


def test_the_browsers_numerals_are_spelled_in_one_script():
    scripts = (path for package in PACKAGES for path in (ROOT / package).rglob("*.js"))
    holding = [path.name for path in scripts if "二三" in path.read_text(encoding="utf-8")]
    assert holding == ["numerals.js"]


WRITE_FOR_PROGRAMS = {
    "checklist/date_formats.py": "the home",
    "checklist/reading/date_ranges.py": "a month put before a day that was typed alone, to be read",
    "checklist/reading/month_parts.py": "the same for a part of a month",
    "build_scripts/icalendar.py": "RFC 5545",
}
"""Modules that spell a date's format out; all others ask ``date_formats``."""


def test_dates_and_times_have_their_formats_in_one_module():
    spelled = re.compile(r"[a-z_)\]]\}[年月日]|%[YmdHMS]|strftime")
    assert {name for name, text in modules() if spelled.search(text)} == set(WRITE_FOR_PROGRAMS)


def test_no_sentence_shows_a_date_in_a_format_of_its_own():
    def asked(node: ast.Call) -> str:
        return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")

    own = {
        name
        for name, text in modules()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and asked(node) in {"say", "Refusal", "Problem", "echo", "render_template"}
        for inner in ast.walk(node)
        if isinstance(inner, ast.Call) and asked(inner) in {"isoformat", "strftime"}
    }
    assert own == set()


def test_no_page_puts_a_date_together():
    pages = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.html")))
    together = re.compile(r"\}\}[年月日]|strftime|isoformat")
    assert [page.name for page in pages if together.search(page.read_text(encoding="utf-8"))] == []
