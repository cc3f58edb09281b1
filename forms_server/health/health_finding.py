"""What a check of the installation found, as a value."""

from dataclasses import dataclass
from enum import StrEnum


class HealthLevel(StrEnum):
    """How bad a finding is; only a fault fails the doctor."""

    OK = "ok"
    NOTE = "note"
    WARNING = "warning"
    FAULT = "fault"


LEVEL_MARKS: dict[HealthLevel, str] = {
    HealthLevel.OK: "正常",
    HealthLevel.NOTE: "说明",
    HealthLevel.WARNING: "留意",
    HealthLevel.FAULT: "故障",
}


@dataclass(frozen=True)
class HealthFinding:
    """One finding."""

    topic: str
    """What was looked at, in a word."""
    level: HealthLevel
    words: str
    remedy: str = ""
    """What to do; empty where nothing is needed."""


def fine(topic: str, words: str) -> HealthFinding:
    """Nothing is wrong."""
    return HealthFinding(topic, HealthLevel.OK, words)


def note(topic: str, words: str) -> HealthFinding:
    """Worth knowing; nothing needs to be done."""
    return HealthFinding(topic, HealthLevel.NOTE, words)


def warning(topic: str, words: str, remedy: str) -> HealthFinding:
    """Works today, and will not for ever."""
    return HealthFinding(topic, HealthLevel.WARNING, words, remedy)


def fault(topic: str, words: str, remedy: str) -> HealthFinding:
    """Broken."""
    return HealthFinding(topic, HealthLevel.FAULT, words, remedy)
