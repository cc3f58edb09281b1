"""The states of a record and what they count as; moves and rights: ``forms_server.state_moves``, ``access``."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """The state of a record."""

    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    CLOSED = "closed"
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"


STATE_NAMES: Mapping[State, str] = {
    State.RECTIFYING: "正在整改",
    State.RECTIFIED: "已整改",
    State.CLOSED: "已销号",
    State.PROPOSED: "拟识别",
    State.WITHDRAWN: "已撤销",
}

MOVE_NAMES: Mapping[str, str] = {
    "report": "报告已整改",
    "verify": "销号",
    "send_back": "退回",
    "reopen": "重新打开",
    "withdraw": "撤销",
}
"""Names of the moves that server and handbook share."""

STATES_BY_KIND: Mapping[str, tuple[State, ...]] = {
    "issue": (State.RECTIFYING, State.RECTIFIED, State.CLOSED, State.WITHDRAWN),
    "household": (State.PROPOSED, State.WITHDRAWN),
}
"""The states of records of a form's kind; the first is the initial one."""

COUNTED_AS: Mapping[State, tuple[str, ...]] = {
    State.RECTIFYING: ("found", "rectifying"),
    State.RECTIFIED: ("found", "rectified"),
    State.CLOSED: ("found", "rectified"),
    State.PROPOSED: ("proposed_households",),
    State.WITHDRAWN: (),
}
"""The figures of annex 2 that a record counts in, by its state.

``build_scripts/counting/counts.sql`` has the same rule in SQL, for auditors; a test compares both.
"""


def states_counted_as(figure: str) -> tuple[State, ...]:
    """Return the states in which a record counts towards a figure of annex 2."""
    return tuple(state for state, figures in COUNTED_AS.items() if figure in figures)


FOUND = states_counted_as("found")
"""The states of issues that annex 2 counts as 共排查."""

COUNT_AS_RECTIFIED = states_counted_as("rectified")
"""The states of issues that annex 2 counts as 已整改."""

COUNT_AS_RECTIFYING = states_counted_as("rectifying")
"""The states of issues that annex 2 counts as 正在整改."""


def is_counted(state: str) -> bool:
    """Return whether a record in that state counts in any figure; withdrawn ones are kept, but do not."""
    return bool(COUNTED_AS[State(state)])


def first_state(kind: str) -> State:
    """Return the initial state of that kind, in which records wait to be dealt with."""
    return STATES_BY_KIND[kind][0]


WAITING = frozenset(map(first_state, STATES_BY_KIND))
"""The states in which a record waits for its unit."""


def counted_states(kind: str) -> tuple[State, ...]:
    """Return the states in which a record of that kind counts, in the order of its life cycle."""
    return tuple(state for state in STATES_BY_KIND[kind] if is_counted(state))


OPEN = (State.RECTIFYING, State.RECTIFIED, State.PROPOSED)
"""The states of records that a new finding may belong to; what is closed or withdrawn is found anew."""
