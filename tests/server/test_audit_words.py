"""Every action that the audit writes down has a name for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

import forms_server
from forms_server.actions import Action
from forms_server.audit_words import ACTION_WORDS
from forms_server.imports.batch_undo import UNDO
from forms_server.web.records.record_words import action_names

_ACTION_AT = {
    "audit.record": 5, "record": 5, "audit.AuditEntry": 2, "AuditEntry": 2, "record_rows.change": 4,
    "_change": 2, "write_down": 2,
}  # fmt: skip
"""Where functions take the action."""


def _written(names: set[str]) -> Iterator[str]:
    for path in Path(forms_server.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and (name := ast.unparse(node.func)) in names:
                yield from (word for each in node.args[_ACTION_AT[name] :][:1] for word in _words(each))


def _words(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.IfExp):
        yield from (*_words(node.body), *_words(node.orelse))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "Action":
        yield Action[node.attr].value


def test_actions_have_names_on_the_audits_page():
    written = {UNDO, *_written(set(_ACTION_AT))}
    assert {"claim", "uphold", "end", "take_along"} < written
    assert sorted(written - set(ACTION_WORDS)) == []


def test_changes_of_records_have_names_in_their_history():
    assert sorted({UNDO, *_written({"record_rows.change"})} - set(action_names())) == []
