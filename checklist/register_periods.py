"""The periods of a register: 2026-03, 2026-Q1, 2026; "" for a register without periods."""

import re
from calendar import monthrange
from datetime import date, timedelta

from checklist.chinese_numerals import write_numeral
from checklist.date_formats import month_of_year, typed_day
from checklist.model import Period

_SHAPES = {
    Period.MONTH: re.compile(r"20\d\d-(0[1-9]|1[0-2])"),
    Period.QUARTER: re.compile(r"20\d\d-Q[1-4]"),
    Period.YEAR: re.compile(r"20\d\d"),
}
"""Texts of one kind sort by time."""

ALWAYS = ""
"""The period of all rows of a register without periods."""


def period_of(period: Period, day: date) -> str:
    """The period in which a day lies."""
    return {
        Period.MONTH: typed_day(day)[:7],
        Period.QUARTER: f"{day.year}-Q{(day.month + 2) // 3}",
        Period.YEAR: f"{day.year}",
    }.get(period, ALWAYS)


def is_period(period: Period, text: str) -> bool:
    """Whether a text is one of the register's periods."""
    shape = _SHAPES.get(period)
    return bool(shape.fullmatch(text)) if shape else text == ALWAYS


def period_words(text: str) -> str:
    """A period as people write it: 2026年3月, 2026年第一季度, 2026年; "" for none."""
    year, _, part = text.partition("-")
    if part.startswith("Q"):
        return year + f"年第{write_numeral(int(part[1]))}季度"
    if part:
        return month_of_year(int(year), int(part))
    return year and year + "年"


def period_before(period: Period, day: date) -> str:
    """The period before the one in which a day lies; "" without periods."""
    current = period_of(period, day)
    while current and period_of(period, day) == current:
        day -= timedelta(days=28)  # no month is shorter: none is skipped
    return period_of(period, day)


def periods_between(period: Period, first: date, last: date) -> list[str]:
    """The periods in which the days from the first to the last lie, in order."""
    days = (first + timedelta(days=each) for each in range((last - first).days + 1))
    return list(dict.fromkeys(period_of(period, day) for day in days))


def period_span(text: str) -> tuple[date, date]:
    """The first and the last day of a period."""
    year, _, part = text.partition("-")
    month = 3 * int(part[1]) - 2 if part.startswith("Q") else int(part or 1)
    months = 3 if part.startswith("Q") else 1 if part else 12
    after = int(year) * 12 + month - 1 + months
    return date(int(year), month, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1)


def has_begun(text: str, day: date) -> bool:
    """Whether a period has begun by a day; rows of a register without periods are of no time."""
    return text == ALWAYS or period_span(text)[0] <= day


def day_in_period(text: str, day: int) -> date:
    """That day of a period's last month; the month's last one where it is shorter.

    Raises:
        ValueError: not a period with an end.
    """
    year, _, part = text.partition("-")
    month = 3 * int(part[1]) if part.startswith("Q") else int(part or "12")
    return date(int(year), month, min(day, monthrange(int(year), month)[1]))
