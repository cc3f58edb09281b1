"""Dates as officials type them: 2022.8.19, 8月19日, 二〇二二年八月十九日, 44792; the spellings: ``day_patterns``."""

from datetime import date

from checklist.date_formats import typed_day
from checklist.model.reading import DateWords
from checklist.read_result import Read, Refusal
from checklist.reading.affixes import without_endings, without_note, without_openings
from checklist.reading.date_ranges import find_range
from checklist.reading.day_patterns import Month, ReadDay, find_day, find_month, prepared
from checklist.reading.relative_days import without_weekday


def read_date(text: str, words: DateWords, reference: date) -> Read[date] | Refusal:
    """Read one day.

    Args:
        text: what was typed, cleaned.
        words: words that may surround the date.
        reference: gives the year where none is written.

    Returns:
        The date, with a doubt if a note in brackets was ignored or a number such as 8.19 was read as a date; or a
        refusal.
    """
    typed, weekday = without_weekday(prepared(text))
    plain = without_note(typed)
    plain = without_endings(without_openings(plain, words.before), words.after)
    day = find_day(plain, reference)
    if isinstance(day, ReadDay):
        doubt = Refusal("date-assumed", {"due": typed_day(day.date)})
        if weekday not in (None, day.date.weekday()):
            return Read(day.date, (Refusal("weekday-contradicts", doubt.params),))
        return Read(day.date, (doubt,) if day.bare or "(" in typed else ())
    return day or _why_not(plain, reference)


def _why_not(plain: str, reference: date) -> Refusal:
    """Return the refusal of a text without a day."""
    if find_range(plain, reference):
        return Refusal("several-dates")
    month = find_month(plain.removesuffix("日"), reference)
    if isinstance(month, Month):
        return Refusal("day-missing")
    return month or Refusal("not-a-date")
