"""Months as officials type them: 2022年8月, 2022.8, 202208, 8月份, 44774."""

import re
from datetime import date

from checklist.date_formats import typed_month
from checklist.read_result import Read, Refusal
from checklist.reading.day_patterns import (
    Month,
    ReadDay,
    day_of_a_spreadsheet,
    find_day,
    find_month,
    prepared,
)

_SIX_FIGURES = re.compile(r"((?:19|20)\d{2})(0[1-9]|1[0-2])", re.ASCII)


def read_month(text: str, reference: date) -> Read[date] | Refusal:
    """Read one month.

    Args:
        text: what was typed, cleaned.
        reference: gives the year where none is written.

    Returns:
        The month's first day, with a doubt if a day within the month was typed; or a refusal.
    """
    typed = day_of_a_spreadsheet(text) or text
    plain = prepared(typed)
    six = _SIX_FIGURES.fullmatch(plain)
    month = find_month(f"{six[1]}-{six[2]}" if six else plain, reference)
    if isinstance(month, Month):
        return Read(date(month.year, month.month, 1))
    if month:
        return month
    day = find_day(plain, reference)
    if isinstance(day, ReadDay) and not day.bare:
        doubts = () if day.date.day == 1 else (Refusal("month-of-day", {"month": typed_month(day.date)}),)
        return Read(day.date.replace(day=1), doubts)
    return Refusal("not-a-month")
