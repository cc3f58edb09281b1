"""The states of a record and the moves between them; nothing here knows who asks or where records lie."""

from collections.abc import Mapping
from enum import StrEnum


class State(StrEnum):
    """Where a record stands."""

    RECTIFYING = "rectifying"
    RECTIFIED = "rectified"
    CLOSED = "closed"
    PROPOSED = "proposed"
    WITHDRAWN = "withdrawn"


class Move(StrEnum):
    """What changes a record's state."""

    REPORT = "report"
    VERIFY = "verify"
    SEND_BACK = "send_back"
    WITHDRAW = "withdraw"


STATE_NAMES: Mapping[State, str] = {
    State.RECTIFYING: "正在整改",
    State.RECTIFIED: "已整改",
    State.CLOSED: "已销号",
    State.PROPOSED: "拟识别",
    State.WITHDRAWN: "已撤销",
}

MOVE_NAMES: Mapping[Move, str] = {
    Move.REPORT: "报告已整改",
    Move.VERIFY: "销号",
    Move.SEND_BACK: "退回",
    Move.WITHDRAW: "撤销",
}

_MOVES: Mapping[tuple[State, Move], State] = {
    (State.RECTIFYING, Move.REPORT): State.RECTIFIED,
    (State.RECTIFIED, Move.VERIFY): State.CLOSED,
    (State.RECTIFIED, Move.SEND_BACK): State.RECTIFYING,
    (State.RECTIFYING, Move.WITHDRAW): State.WITHDRAWN,
    (State.RECTIFIED, Move.WITHDRAW): State.WITHDRAWN,
    (State.CLOSED, Move.WITHDRAW): State.WITHDRAWN,
    (State.PROPOSED, Move.WITHDRAW): State.WITHDRAWN,
}

_EDITABLE = frozenset({State.RECTIFYING, State.RECTIFIED, State.PROPOSED})

STATES_BY_KIND: Mapping[str, tuple[State, ...]] = {
    "issue": (State.RECTIFYING, State.RECTIFIED, State.CLOSED, State.WITHDRAWN),
    "household": (State.PROPOSED, State.WITHDRAWN),
}
"""The states that a record of a form's kind can be in; the first is the one it is made in."""


class NotNow(Exception):
    """A change that the record's state does not allow; its words are for the person who asked."""

    def __init__(self, state: State, action: str) -> None:
        super().__init__(f"这一条现在是“{STATE_NAMES[state]}”，不能{action}。")
        self.state = state


def move(state: State, name: Move) -> State:
    """The state that a move leads to.

    Raises:
        NotNow: the state does not allow the move.
    """
    try:
        return _MOVES[state, name]
    except KeyError:
        raise NotNow(state, MOVE_NAMES[name]) from None


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that a state allows, in the order of ``Move``."""
    return tuple(name for name in Move if (state, name) in _MOVES)


def may_edit(state: State) -> bool:
    """Whether the fields of a record in that state may still be changed."""
    return state in _EDITABLE
