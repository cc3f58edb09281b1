"""The states of a record: exactly the moves of the written table, whatever happened before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms_server.lifecycle import (
    MOVE_NAMES,
    STATE_NAMES,
    STATES_BY_KIND,
    Move,
    NotNow,
    State,
    may_edit,
    move,
    moves_from,
)

WRITTEN = {
    ("rectifying", "report", "rectified"),
    ("rectified", "verify", "closed"),
    ("rectified", "send_back", "rectifying"),
    ("rectifying", "withdraw", "withdrawn"),
    ("rectified", "withdraw", "withdrawn"),
    ("closed", "withdraw", "withdrawn"),
    ("proposed", "withdraw", "withdrawn"),
}


def _target(state: State, name: Move) -> State | None:
    try:
        return move(state, name)
    except NotNow:
        return None


def test_the_moves_are_those_of_the_design():
    reached = {(s.value, m.value, str(t)) for s in State for m in Move if (t := _target(s, m))}
    assert reached == WRITTEN


def test_offered_moves_are_those_that_work():
    for state in State:
        assert set(moves_from(state)) == {name for name in Move if _target(state, name)}


@given(st.sampled_from(sorted(STATES_BY_KIND)), st.lists(st.sampled_from(Move)))
def test_a_record_never_leaves_the_states_of_its_kind(kind: str, names: list[Move]):
    state = STATES_BY_KIND[kind][0]
    for name in names:
        state = _target(state, name) or state
        assert state in STATES_BY_KIND[kind]


@given(st.lists(st.sampled_from(Move)))
def test_withdrawn_is_for_ever(names: list[Move]):
    assert [_target(State.WITHDRAWN, name) for name in names] == [None] * len(names)


@given(st.lists(st.sampled_from(Move)))
def test_a_closed_issue_was_reported_and_verified(names: list[Move]):
    state, path = State.RECTIFYING, []
    for name in names:
        if target := _target(state, name):
            state, path = target, [*path, name]
    if state is State.CLOSED:
        assert path[-2:] == [Move.REPORT, Move.VERIFY]


def test_neither_closed_nor_withdrawn_records_are_edited():
    assert {state for state in State if not may_edit(state)} == {State.CLOSED, State.WITHDRAWN}


def test_a_refusal_says_where_the_record_stands_and_what_cannot_be_done():
    with pytest.raises(NotNow, match="已销号.*报告已整改"):
        move(State.CLOSED, Move.REPORT)


def test_every_state_and_move_has_words():
    assert set(STATE_NAMES) == set(State)
    assert set(MOVE_NAMES) == set(Move)
