"""Parts of a month and of a year, by the campaign's own words: 8月底, 中旬, 三季度末, 年底."""

from collections.abc import Sequence
from datetime import date

from checklist.model.reading import PartOfMonth, PartOfYear
from checklist.read_result import Refusal
from checklist.reading.affixes import longest_first
from checklist.reading.day_patterns import Month, find_month

_THIS_MONTH = ("月", "本月", "这个月")
_THIS_YEAR = ("", "今", "今年", "本年", "本年度")


def find_part_of_month(
    text: str, parts: Sequence[PartOfMonth], reference: date
) -> tuple[Month | Refusal | None, int] | None:
    """Return the month and the last day of a part of a month; None if the text ends with none."""
    for word in longest_first(word for part in parts for word in part.words):
        if not text.endswith(word):
            continue
        before = text.removesuffix(word)
        until = next(part.until for part in parts if word in part.words)
        if before in _THIS_MONTH:
            return Month(reference.year, reference.month, year_typed=False, bare=True), until
        month = find_month(before, reference)
        if month:
            return month, until
    return None


def find_part_of_year(text: str, parts: Sequence[PartOfYear], reference: date) -> Month | Refusal | None:
    """Return the last month of a part of a year; None if the text has none."""
    for word in longest_first(word for part in parts for word in part.words):
        if not text.endswith(word):
            continue
        before = text.removesuffix(word)
        until = next(part.until for part in parts if word in part.words)
        if before in _THIS_YEAR:
            return Month(reference.year, until, year_typed=False)
        month = find_month(f"{before.removesuffix('年')}年{until}月", reference)
        if month:
            return month
    return None
