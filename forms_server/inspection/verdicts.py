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
