"""Splitting of sentences into clauses, normalised for comparison with whole phrases.

Days, months and counts stand in a phrase as 某日 and 几: 预计某日公示, 剩几户.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from checklist.chinese_numerals import NUMERALS, read_numeral
from checklist.reading.day_patterns import ReadDay, find_day, prepared

DAY = "某日"
"""Placeholder of a day or a month in a phrase."""
COUNT = "几"
"""Placeholder of a number in a phrase."""

_CUTS = re.compile(r"[，。；、！!,;:()…【】\[\]\n]+|(?<!\d)\.|\.(?!\d)")
_BLANK_CUTS = re.compile(r"\s+")
_DAY = re.compile(
    r"(?<![\d.])(?:(?:\d{4}|\d{2})[./年-])?\d{1,2}[./月-]\d{1,2}(?:日|号|(?![\d.%年月]))"
    r"|(?<!\d)20\d{6}(?!\d)",
    re.ASCII,
)
_MONTH = re.compile(
    r"(?:(?:\d{4}年|[今本明]年)?\d{1,2}月份?|[本下]个?月|[今本明]年)(?:月?[底末初]|[上中下]旬)?"
    r"|(?:月|年)[底末]|\d{4}年[底末]?",
    re.ASCII,
)
_COUNT = re.compile(rf"[1-9]\d*(?:\.\d+)?|[{NUMERALS}]+(?=[户人条个件处项名所家村])")


@dataclass(frozen=True)
class Clause:
    """One clause of a sentence."""

    words: str
    """Folded, with placeholders for days and counts."""
    plain: str
    """The same with days and counts as typed."""
    days: tuple[date, ...]
    """The days that it names, with their years."""
    vague: bool
    """Whether it names a month, or a part of one, but no day."""


def clauses(text: str, reference: date, *, at_blanks: bool = False) -> list[Clause]:
    """Split a text into clauses at punctuation and, optionally, at blanks.

    Args:
        text: what was typed.
        reference: gives the year where none is written.
        at_blanks: whether a blank ends a clause; otherwise it is ignored.
    """
    parts = _BLANK_CUTS.split(text) if at_blanks else [text]
    return [_clause(piece, reference) for part in parts for piece in _cut(part)]


def _cut(text: str) -> Iterator[str]:
    # Line breaks and full stops are signs here, which `prepared` takes away.
    for sentence in re.split(r"[。\n]", text):
        yield from (piece for piece in _CUTS.split(prepared(sentence)) if piece)


def _clause(plain: str, reference: date) -> Clause:
    days: list[date] = []

    def placed(found: re.Match[str]) -> str:
        day = find_day(found.group(), reference)
        if not isinstance(day, ReadDay):
            return found.group()
        days.append(day.date)
        return DAY

    with_days = _DAY.sub(placed, plain)
    with_months = _MONTH.sub(DAY, with_days)
    vague = with_months != with_days
    return Clause(_COUNT.sub(_counted, with_months), plain, tuple(days), vague)


def _counted(found: re.Match[str]) -> str:
    """Return the placeholder of a number; zero is kept, as 剩0户 means done."""
    return found.group() if read_numeral(found.group()) == 0 else COUNT
