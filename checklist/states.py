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

RECTIFIED_STATES: tuple[State, ...] = (State.RECTIFIED, State.CLOSED)
"""The states of an issue that counts as rectified."""
