"""The states of a record, and what they allow; nothing here knows who asks or where records lie."""

from checklist.states import STATE_NAMES, STATES_BY_KIND, State

__all__ = ["STATES_BY_KIND", "STATE_NAMES", "NotNow", "State", "may_edit"]

_EDITABLE = frozenset({State.RECTIFYING, State.RECTIFIED, State.PROPOSED})


class NotNow(Exception):
    """A change that the record's state does not allow; its words are for the person who asked."""

    def __init__(self, state: State, action: str) -> None:
        super().__init__(f"这一条现在是“{STATE_NAMES[state]}”，不能{action}。")
        self.state = state


def may_edit(state: State) -> bool:
    """Whether the fields of a record in that state may still be changed."""
    return state in _EDITABLE
