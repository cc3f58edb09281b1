"""The states of a record and the moves between them; nothing here knows who asks or where records lie."""

from collections.abc import Mapping

from checklist.states import MOVE_NAMES, STATE_NAMES, STATES_BY_KIND, Move, State

__all__ = [
    "MOVE_NAMES", "STATES_BY_KIND", "STATE_NAMES", "Move", "NotNow", "State", "may_edit", "move", "moves_from",
]  # fmt: skip


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
