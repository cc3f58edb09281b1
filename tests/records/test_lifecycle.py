"""The states of a record: exactly the moves of the written table, whatever happened before."""

from datetime import date
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select

from checklist.model import Campaign
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.states import MOVE_NAMES
from forms_server.access import JUDGING, Action, roles
from forms_server.account import Role
from forms_server.db import tables
from forms_server.db.record_columns import TABLES
from forms_server.editable_states import STATE_NAMES, STATES_BY_KIND, NotNow, State, may_edit
from forms_server.move import Move, RequestStep
from forms_server.move_fields import NEW_DEADLINE
from forms_server.records import record_store
from forms_server.records.move_making import make_move
from forms_server.state_moves import MOVES, REPORT, VERIFY, moves_from
from tests.records.builders import NOON, household_issue, proposed
from tests.records.conftest import At

WRITTEN = {
    ("rectifying", "report", "rectified"),
    ("rectified", "verify", "closed"),
    ("rectified", "send_back", "rectifying"),
    ("rectified", "reopen", "rectifying"),
    ("closed", "reopen", "rectifying"),
    ("rectifying", "extend", "rectifying"),
    ("rectifying", "ask_extension", "rectifying"),
    ("rectifying", "grant_extension", "rectifying"),
    ("rectifying", "refuse_extension", "rectifying"),
    ("rectifying", "withdraw", "withdrawn"),
    ("rectified", "withdraw", "withdrawn"),
    ("closed", "withdraw", "withdrawn"),
    ("proposed", "withdraw", "withdrawn"),
    ("rectifying", "transfer", "rectifying"),
    ("rectifying", "assist", "rectifying"),
    ("rectifying", "turn_back", "rectifying"),
    ("withdrawn", "restore", "rectifying"),
    ("withdrawn", "restore_household", "proposed"),
}

ALONE = [move for move in MOVES.values() if move.transfer is None]
"""Moves by one and the same people; those that hand an issue over: ``test_transfers``."""

SEQUENCES = st.lists(st.sampled_from(ALONE), max_size=8)

NUMBERS = count(100)
"""Of new records: examples share one database."""


def _target(state: State, move: Move) -> State | None:
    try:
        return move.after(state)
    except NotNow:
        return None


def test_the_moves_are_those_of_the_design():
    reached = {(s.value, m.id, str(t)) for s in State for m in MOVES.values() if (t := _target(s, m))}
    assert reached == WRITTEN


def test_offered_moves_are_those_that_work():
    for kind, states in STATES_BY_KIND.items():
        for state in states:
            assert set(moves_from(state, kind)) == {
                move for move in MOVES.values() if _target(state, move) in states
            }


@given(st.sampled_from(sorted(STATES_BY_KIND)), SEQUENCES)
def test_a_record_never_leaves_the_states_of_its_kind(kind: str, moves: list[Move]):
    state = STATES_BY_KIND[kind][0]
    for move in moves:
        if move in moves_from(state, kind):
            state = move.after(state)
        assert state in STATES_BY_KIND[kind]


def test_what_is_withdrawn_is_only_taken_back_by_the_office_and_is_then_as_if_new():
    for kind, states in STATES_BY_KIND.items():
        [restore] = moves_from(State.WITHDRAWN, kind)
        assert (restore.action, restore.target) == (Action.RESTORE, states[0])
        assert roles(restore.action) == {Role.OFFICE}


@given(SEQUENCES)
def test_a_closed_issue_was_reported_and_verified(moves: list[Move]):
    state, path = State.RECTIFYING, []
    for move in moves:
        if target := _target(state, move) if move.kind in {"", "issue"} else None:
            state, path = target, [*path, move]
    if state is State.CLOSED:
        assert path[-2:] == [REPORT, VERIFY]


@given(kind=st.sampled_from(sorted(STATES_BY_KIND)), moves=SEQUENCES)
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_each_move_that_the_table_allows_leaves_one_audit_row_and_every_other_one_none(
    engine: Engine, at: At, campaign: Campaign, kind: str, moves: list[Move]
):
    number = next(NUMBERS)
    with at("east") as desk:
        filing = household_issue if kind == "issue" else proposed
        record = record_store.create(desk, filing(campaign, number, householder=f"户主{number}"))
    made: list[tuple[str, dict[str, str]]] = []
    asked = False
    for step, move in enumerate(moves):
        answers = {field.id: f"第{step}次" for field in move.fields(record.form)} | move.usual(NOON.date())
        if move.extends or move.request is RequestStep.OPEN:
            day = date(2022, 9, 1 + step)
            answers[NEW_DEADLINE.id] = Deadline(DeadlineKind.DATE, day, day.isoformat())
        who = (
            "office"
            if move.judges or move.action is Action.RESTORE
            else "east-principal"
            if move.action is Action.EXTEND
            else "east"
        )
        try:
            with at(who) as desk:
                after = make_move(desk, move, record, record.version, answers)
        except NotNow:
            fits = move.request is None or asked is (move.request is not RequestStep.OPEN)
            assert record.state not in move.sources or not fits or move.kind not in {"", kind}
            continue
        if record.state in move.sources:
            made.append((move.id, {"from": record.state.value, "to": move.target.value}))
            assert after.version == record.version + 1
        assert after.state is move.target
        asked = after.extension_asked
        assert asked is (move.request is RequestStep.OPEN)
        assert after.state in STATES_BY_KIND[kind]
        record = after
    with engine.connect() as connection:
        told = select(tables.audit.c.action, tables.audit.c.change).where(
            tables.audit.c.subject_id == record.id
        )
        rows = [(row.action, row.change) for row in connection.execute(told.order_by(tables.audit.c.id))]
        opened = select(func.count()).where(tables.extension_request.c.state == "open")
        of_record = tables.extension_request.c.issue_id == record.id
        assert connection.execute(opened.where(of_record)).scalar_one() == int(asked)
    assert rows[1:] == made


def test_neither_closed_nor_withdrawn_records_are_edited():
    assert {state for state in State if not may_edit(state)} == {State.CLOSED, State.WITHDRAWN}


def test_a_refusal_says_where_the_record_stands_and_what_cannot_be_done():
    with pytest.raises(NotNow, match="已销号.*报告已整改"):
        REPORT.after(State.CLOSED)


def test_every_state_and_move_has_words():
    assert set(STATE_NAMES) == set(State)
    assert set(MOVE_NAMES) <= set(MOVES)
    for name, move in MOVES.items():
        assert name == move.id
        assert move.heading.format(form="户内问题")
        assert all((move.name, move.submit, move.style))
        assert move.told().endswith("。")
        assert "{" not in move.told()
        assert " 3 条" in move.told(3)


def test_every_move_that_the_handbook_names_is_called_the_same():
    assert {name: MOVES[name].name for name in MOVE_NAMES} == dict(MOVE_NAMES)


def test_every_right_of_judging_belongs_to_a_move():
    assert {move.action for move in MOVES.values() if move.judges} == JUDGING
    assert {Action.REPORT, Action.WITHDRAW} <= {move.action for move in MOVES.values()}


def test_what_a_move_asks_for_can_be_told_apart_and_kept():
    for move in MOVES.values():
        for kind, states in STATES_BY_KIND.items():
            if set(move.sources) & set(states):
                table = TABLES[kind].name
                table = "extension_request" if move.request else "extension" if move.extends else table
                table = "transfer" if move.transfer else table
                kept = tables.metadata.tables[table].c
                assert set(move.asks) <= set(kept.keys()), move.id
    asked = [field.id for move in MOVES.values() if move.inbox for field in move.asks.values()]
    assert len(asked) == len(set(asked))


def test_what_waits_in_the_inbox_can_be_moved_from_there():
    assert {state for move in MOVES.values() if move.inbox for state in move.sources} == {State.RECTIFIED}
