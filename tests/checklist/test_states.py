"""What each state means for the figures."""

from checklist.states import (
    COUNT_AS_RECTIFIED,
    COUNT_AS_RECTIFYING,
    COUNTED_AS,
    FOUND,
    STATE_NAMES,
    STATES_BY_KIND,
    State,
    counted_states,
    is_counted,
)


def test_every_state_has_a_name_a_kind_and_its_figures():
    assert set(STATE_NAMES) == set(COUNTED_AS) == set(State)
    assert {state for states in STATES_BY_KIND.values() for state in states} == set(State)


def test_what_was_verified_still_counts_as_rectified():
    assert set(COUNT_AS_RECTIFIED) == {State.RECTIFIED, State.CLOSED}


def test_an_issue_that_counts_is_either_rectified_or_rectifying():
    assert set(FOUND) == set(COUNT_AS_RECTIFIED) | set(COUNT_AS_RECTIFYING)
    assert not set(COUNT_AS_RECTIFIED) & set(COUNT_AS_RECTIFYING)


def test_a_withdrawn_record_counts_nowhere():
    assert [state for state in State if not is_counted(state)] == [State.WITHDRAWN]
    assert counted_states("issue") == FOUND
    assert counted_states("household") == (State.PROPOSED,)
