"""The year of a day that is written without one: the campaign's, whenever the text is read."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeVar

from checklist.date_formats import typed_day
from checklist.read_result import Read, Refusal
from checklist.values.judge_context import Context

T = TypeVar("T")

_LONG_OVER = timedelta(days=180)
"""How long after its deadline a campaign is still being worked on."""


def years_of(context: Context) -> range:
    """The years in which an issue of the campaign may be put right: to the one after its end, or after today's."""
    notice = context.campaign.notice
    return range(notice.issued.year, max(notice.deadline.at.year, context.today.year) + 2)


def in_campaign(
    read: Callable[[int | None], Read[T] | Refusal], day_of: Callable[[T], date | None], context: Context
) -> Read[T] | Refusal:
    """Read a day; one without a year lies within the campaign's period, from its notice to its deadline.

    Outside of it the year follows from today. What was understood is told of a day outside, and of any day that is
    read outside; it is asked of one before the notice, and of all once the campaign is long over.

    Args:
        read: reads the text, given the year of a day without one; None for today's.
        day_of: the day of what was read, if it has one.
        context: gives the campaign and today.
    """
    found = read(None)
    day = _day(found, day_of)
    if isinstance(found, Refusal) or day is None or _day(read(day.year + 1), day_of) == day:
        return found  # it has no day, or a year
    notice = context.campaign.notice
    first, last = notice.issued, notice.deadline.at.date()
    for year in range(first.year, last.year + 1):
        within = read(year)
        meant = _day(within, day_of)
        if isinstance(within, Read) and meant and first <= meant <= last:
            return within if first <= context.today <= last else _told(within, meant, "date-assumed")
    is_clear = day >= first and context.today <= last + _LONG_OVER
    return _told(found, day, "date-assumed" if is_clear else "year-assumed")


def day_of_reading(context: Context) -> date:
    """The day from which a text says what was done: today, or the campaign's last day in later years."""
    last = context.campaign.notice.deadline.at.date()
    return context.today if context.today.year <= last.year else last


def _day(found: Read[T] | Refusal, day_of: Callable[[T], date | None]) -> date | None:
    return None if isinstance(found, Refusal) else day_of(found.value)


def _told(found: Read[T], day: date, code: str) -> Read[T]:
    """Add what was understood, unless it is told already."""
    others = tuple(doubt for doubt in found.doubts if doubt.code != "date-assumed")
    return Read(found.value, (*others, Refusal(code, {"due": typed_day(day)})))
