"""The states of a record and what changes them, under the names that handbook, forms, tables and papers all use."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a record stands."""

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
    "withdraw": "撤销",
}
"""What changes a record's state, as the server's buttons and the handbook's drawing both call it."""

STATES_BY_KIND: Mapping[str, tuple[State, ...]] = {
    "issue": (State.RECTIFYING, State.RECTIFIED, State.CLOSED, State.WITHDRAWN),
    "household": (State.PROPOSED, State.WITHDRAWN),
}
"""The states that a record of a form's kind can be in; the first is the one it is made in."""

COUNTED_AS: Mapping[State, tuple[str, ...]] = {
    State.RECTIFYING: ("found", "rectifying"),
    State.RECTIFIED: ("found", "rectified"),
    State.CLOSED: ("found", "rectified"),
    State.PROPOSED: ("proposed_households",),
    State.WITHDRAWN: (),
}
"""The figures of annex 2 that a record adds one to, by its state.

``build_scripts/counting/counts.sql`` says the same in SQL, for auditors; a test holds both to it.
"""


def states_counted_as(figure: str) -> tuple[State, ...]:
    """The states in which a record counts towards a figure of annex 2."""
    return tuple(state for state, figures in COUNTED_AS.items() if figure in figures)


FOUND = states_counted_as("found")
"""The states of issues that annex 2 counts as 共排查."""

COUNT_AS_RECTIFIED = states_counted_as("rectified")
"""The states of issues that annex 2 counts as 已整改."""

COUNT_AS_RECTIFYING = states_counted_as("rectifying")
"""The states of issues that annex 2 counts as 正在整改."""


def is_counted(state: str) -> bool:
    """Whether a record in that state counts at all: a withdrawn one is kept, and counts nowhere."""
    return bool(COUNTED_AS[State(state)])


def first_state(kind: str) -> State:
    """The state that a record of that kind is made in: it waits for something to be done."""
    return STATES_BY_KIND[kind][0]


WAITING = frozenset(map(first_state, STATES_BY_KIND))
"""The states in which a record waits for what its unit still has to do."""


def counted_states(kind: str) -> tuple[State, ...]:
    """The states in which a record of that kind counts, in the order of its life."""
    return tuple(state for state in STATES_BY_KIND[kind] if is_counted(state))
