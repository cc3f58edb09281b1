"""How a finding of supervision came about, and where it stands between team, unit and office."""

from collections.abc import Mapping
from enum import StrEnum


class FindingState(StrEnum):
    """Where a finding stands between team, unit and office."""

    OPEN = "open"
    CLAIMED = "claimed"
    OBJECTED = "objected"
    UPHELD = "upheld"
    CANCELLED = "cancelled"


FINDING_STATE_NAMES: Mapping[FindingState, str] = {
    FindingState.OPEN: "待认领",
    FindingState.CLAIMED: "已认领",
    FindingState.OBJECTED: "有异议，待核定",
    FindingState.UPHELD: "异议不成立，待认领",
    FindingState.CANCELLED: "异议成立，已撤销",
}

UNANSWERED = frozenset({FindingState.OPEN, FindingState.UPHELD})
"""States in which the unit owes an answer."""

STANDING = frozenset(FindingState) - {FindingState.CANCELLED}
"""States in which a finding counts: all but those that the office took back."""


class Way(StrEnum):
    """How a finding came about."""

    MISSED = "missed"
    LINKED = "linked"
    CHECK = "check"


WAY_NAMES: Mapping[Way, str] = {
    Way.MISSED: "自查没有查出",
    Way.LINKED: "台账里已有",
    Way.CHECK: "报了已整改、实际不是",
}
