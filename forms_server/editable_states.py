"""Which states allow edits; the moves between states are rows of ``forms_server.state_moves``."""

from checklist.states import STATE_NAMES, STATES_BY_KIND, State

__all__ = ["STATES_BY_KIND", "STATE_NAMES", "NotNow", "State", "may_edit"]

_EDITABLE = frozenset({State.RECTIFYING, State.RECTIFIED, State.PROPOSED})


class NotNow(Exception):
    """The record's state does not allow the change; the message is for the user."""

    def __init__(self, state: State, action: str) -> None:
        super().__init__(f"这一条现在是“{STATE_NAMES[state]}”，不能{action}。")
        self.state = state


def may_edit(state: State) -> bool:
    """Whether records in that state are editable."""
    return state in _EDITABLE
