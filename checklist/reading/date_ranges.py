"""A period between two dates: 8月9日-8月19日, 2022.8.9至9.10, 8月9-19日."""

import re
from datetime import date

from checklist.read_result import Refusal
from checklist.reading.day_patterns import ReadDay, find_day

_BETWEEN = re.compile("-|至|到")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]?", re.ASCII)


def find_range(text: str, reference: date) -> tuple[ReadDay, ReadDay] | Refusal | None:
    """Return first and last day of the period in a prepared text; None if it has none."""
    refusal = None
    for found in _BETWEEN.finditer(text):
        first = find_day(text[: found.start()], reference)
        if not isinstance(first, ReadDay):
            refusal = refusal or first
            continue
        last = _last(text[found.end() :], first)
        if isinstance(last, ReadDay):
            return first, last
        refusal = refusal or last
    return refusal


def _last(text: str, first: ReadDay) -> ReadDay | Refusal | None:
    """Read the last day, in the year and month of the first unless written."""
    only = _DAY_ONLY.fullmatch(text)
    typed = f"{first.date.month}月{text}" if only else text
    last = find_day(typed, first.date)
    if isinstance(last, ReadDay) and first.year_typed:
        return ReadDay(last.date)
    return last
