"""Words of what a team sees, and of what becomes of a finding."""

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    """What an issue that was reported rectified turned out to be."""

    CONFIRMED = "confirmed"
    UNFINISHED = "unfinished"
    FALSE = "false"
    UNCLEAR = "unclear"


VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.CONFIRMED: "属实",
    Verdict.UNFINISHED: "未改到位",
    Verdict.FALSE: "虚假整改",
    Verdict.UNCLEAR: "无法核实",
}

OVERTURNED = frozenset({Verdict.UNFINISHED, Verdict.FALSE})
"""Verdicts that reopen the issue."""


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
