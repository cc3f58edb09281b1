"""Imports end what waits for an answer at an issue, as the moves do: a refusal of a transfer, a request."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Engine, select

from checklist.values.judge import Context
from forms_server.db import tables
from forms_server.db.tables import issue
from forms_server.move import Move
from forms_server.records import record_rows
from forms_server.records.move_making import make_move
from forms_server.state_moves import ASK_EXTENSION, HAND_OVER
from tests.builders import WEST
from tests.ledgers.test_resent import ROWS, answered, book, key, plan
from tests.ledgers.undoing import BOOK, CHANGED, east, take_back, take_in, the_issue
from tests.records.builders import LATE_AUGUST, form_of
from tests.records.conftest import At, at, engine, postgres, postgres_url

__all__ = ["at", "east", "engine", "postgres", "postgres_url"]

TO_WEST = HAND_OVER, {"handed_to": "西岭镇", "reason": "地界归西岭镇。"}
LATER = ASK_EXTENSION, {"new_deadline": LATE_AUGUST, "reason": "等材料。"}


def _make(at: At, east: Context, record_id: str, *steps: tuple[Move, Mapping[str, Any]]) -> None:
    for move, answers in steps:
        with at("east") as desk:
            record = record_rows.get(desk, form_of(east.campaign, "household-issues"), record_id)
            make_move(desk, move, record, record.version, answers)


def _waiting(engine: Engine, record_id: str) -> tuple[str | None, bool, set[str], set[str]]:
    """The issue's columns, and the states of its transfers and requests."""
    with engine.connect() as connection:
        row = connection.execute(select(issue).where(issue.c.id == record_id)).mappings().one()
        states = (
            set(connection.scalars(select(table.c.state).where(table.c.issue_id == record_id)))
            for table in (tables.transfer, tables.extension_request)
        )
        return row["handed_to"], row["extension_asked"], *states


def test_what_an_import_reports_or_names_otherwise_waits_no_longer(
    engine: Engine, east: Context, at: At
) -> None:
    take_in(engine, BOOK, east)
    reported, renamed = (the_issue(engine, name)["id"] for name in ("赵某某", "张某某"))
    _make(at, east, reported, TO_WEST)
    _make(at, east, renamed, LATER, TO_WEST)
    assert _waiting(engine, renamed) == (WEST, True, {"open"}, {"open"})
    batch_id = take_in(engine, CHANGED, east)
    for undone in (False, True):
        assert the_issue(engine, "赵某某")["state"] == ("rectifying" if undone else "rectified")
        assert _waiting(engine, reported) == (None, False, {"final"}, set())
        assert _waiting(engine, renamed) == (None, True, {"final"}, {"open"})
        if not undone:
            take_back(engine, east, batch_id)


def test_what_an_import_withdraws_waits_no_longer(engine: Engine, east: Context, at: At) -> None:
    take_in(engine, book(*ROWS), east)
    record_id = the_issue(engine, "张某某")["id"]
    _make(at, east, record_id, LATER, TO_WEST)
    found = plan(engine, book(*ROWS[1:]), east)
    answered(engine, book(*ROWS[1:]), east, {key(found): "mistaken"})
    assert the_issue(engine, "张某某")["state"] == "withdrawn"
    assert _waiting(engine, record_id) == (None, False, {"final"}, {"lapsed"})
