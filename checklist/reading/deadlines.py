"""Deadlines (整改时限) as officials write them: a date, 8月底前, 立行立改, 长期坚持, 一周内."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from checklist.chinese_numerals import UP_TO_99
from checklist.date_formats import typed_day
from checklist.model.reading import Reading
from checklist.read_result import Read, Refusal
from checklist.reading.affixes import longest_first, without_endings, without_note, without_openings
from checklist.reading.date_ranges import find_range
from checklist.reading.day_patterns import (
    Month,
    ReadDay,
    day_of_a_spreadsheet,
    find_day,
    find_month,
    prepared,
)
from checklist.reading.month_parts import find_part_of_month, find_part_of_year
from checklist.reading.relative_days import (
    find_day_of_month,
    find_day_of_week,
    find_period,
    with_months_named,
    without_weekday,
)
from checklist.text_normalisation import compact

_LONG_PAST = 180
"""Maximum days in the past of a date without a year; beyond, it is taken as next year's."""


class DeadlineKind(StrEnum):
    """The kind of a deadline."""

    DATE = "date"
    MONTH = "month"  # due on its last day
    RANGE = "range"  # due on its last day
    IMMEDIATE = "immediate"
    ONGOING = "ongoing"
    IMMEDIATE_ONGOING = "immediate+ongoing"
    RELATIVE = "relative"  # 一周内: counted from the day on which it is read; 收到后一周内 has no day
    EVENT = "event"  # 国家后评估前: at an unknown date


@dataclass(frozen=True)
class Deadline:
    """A deadline: the typed text (or the day of an unformatted date), and the due day, if any."""

    kind: DeadlineKind
    due: date | None
    text: str


_Reference = tuple[date, int | None]
"""The day of reading, and the year of a day without one."""


@dataclass(frozen=True)
class _Due:
    """Kind and day, with doubts, without the text."""

    kind: DeadlineKind
    due: date | None = None
    doubts: tuple[Refusal, ...] = ()


def read_deadline(
    text: str, words: Reading, reference: date, year: int | None = None
) -> Read[Deadline] | Refusal:
    """Read a deadline.

    Args:
        text: cleaned input; kept as typed, except a spreadsheet's serial number.
        words: the campaign's phrases.
        reference: the day from which 一周内 and 下月底 count.
        year: of a day without one; by default the reference's, or the next one for a day that is long past.

    Returns:
        The deadline, with a doubt if its day was inferred or is unknown; or a refusal.
    """
    if _is_outcome(text, words):
        return Refusal("deadline-is-outcome")
    found = _due(prepared(text), words, (reference, year))
    if isinstance(found, Refusal):
        return found
    return Read(Deadline(found.kind, found.due, day_of_a_spreadsheet(text) or text), found.doubts)


def _is_outcome(text: str, words: Reading) -> bool:
    """Return whether the text belongs in the outcome column; 持续推进 fits both."""
    plain = compact(text)
    outcomes = (*words.outcomes.rectified, *words.outcomes.rectified_alone, *words.outcomes.rectifying)
    return plain in outcomes and plain not in (*words.deadlines.ongoing, *words.deadlines.immediate)


def _due(typed: str, words: Reading, reference: _Reference) -> _Due | Refusal:
    """Read kind and day of a prepared text, whose weekday must match the day."""
    plain, weekday = without_weekday(typed)
    found = _without_weekday(plain, words, reference)
    if weekday is None or not isinstance(found, _Due) or not found.due or found.due.weekday() == weekday:
        return found
    return replace(found, doubts=(Refusal("weekday-contradicts", {"due": typed_day(found.due)}),))


def _without_weekday(typed: str, words: Reading, reference: _Reference) -> _Due | Refusal:
    plain = without_note(typed)
    rest, immediate = _take_out(plain, words.deadlines.immediate)
    rest, ongoing = _take_out(rest, words.deadlines.ongoing)
    if immediate or ongoing:
        rest = _without_joins(rest, words.deadlines.joins)
    if not rest and (immediate or ongoing):
        return _immediate(words, reference[0], ongoing=ongoing) if immediate else _Due(DeadlineKind.ONGOING)
    found = _point(rest, words, reference)
    if isinstance(found, _Due) and found.due and plain != typed and not found.doubts:
        return _Due(found.kind, found.due, (_assumed(found.due),))
    return found


def _immediate(words: Reading, reference: date, *, ongoing: bool) -> _Due:
    """Return the deadline of 立行立改: due after the campaign's number of days; with 长期坚持 it has no day."""
    if ongoing:
        return _Due(DeadlineKind.IMMEDIATE_ONGOING)
    days = words.deadlines.immediate_days
    return _Due(DeadlineKind.IMMEDIATE, None if days is None else reference + timedelta(days=days))


def _take_out(text: str, phrases: Iterable[str]) -> tuple[str, bool]:
    """Remove the phrases from a text; return whether it had one."""
    rest = text
    for phrase in longest_first(phrases):
        rest = rest.replace(phrase, "")
    return rest, rest != text


def _without_joins(text: str, joins: tuple[str, ...]) -> str:
    """Remove the conjunctions left by a removed phrase."""
    ordered = longest_first(joins)
    while word := next((word for word in ordered if text.startswith(word)), ""):
        text = text.removeprefix(word)
    return without_endings(text, joins)


def _point(rest: str, words: Reading, reference: _Reference) -> _Due | Refusal:
    """Read a point in time: day, month, period; or one without a day yet."""
    text = without_openings(rest, words.deadlines.openings)
    plain = without_endings(text, (*words.deadlines.endings, *words.dates.after))
    today, year = reference
    relative = _relative(text, plain, words, today)
    if relative:
        return relative
    named = with_months_named(plain, today)
    # Of 28 days, since any year has these.
    yearly = today if year is None else today.replace(year=year, day=min(today.day, 28))
    found = (
        _day(named, yearly, ended=plain != text, is_given=year is not None)
        or _month(named, words, yearly, is_given=year is not None)
        or _range(plain, yearly)
        or _part_of_year(plain, words, yearly)
    )
    if isinstance(found, _Due) and found.due and named != plain:
        return replace(found, doubts=(_assumed(found.due),))
    if found:
        return found
    if any(event in text for event in words.deadlines.events):
        return _Due(DeadlineKind.EVENT, None, (Refusal("deadline-needs-date"),))
    known = [group[0] for group in (words.deadlines.immediate, words.deadlines.ongoing) if group]
    return Refusal("deadline-unreadable", {"words": f"，或者写{'、'.join(known)}" if known else ""})


def _relative(text: str, plain: str, words: Reading, reference: date) -> _Due | None:
    """Read a period counted from the reference, 一周内; without a day if counted from an event, 接到通知后7日内."""
    periods = words.deadlines.periods
    period = without_endings(text, [word for word in words.deadlines.endings if not word.endswith("内")])
    due = find_period(period, periods, reference)
    if due:
        return _Due(DeadlineKind.RELATIVE, due, (_assumed(due),))
    if _is_relative(period, periods):
        return _Due(DeadlineKind.RELATIVE, None, (Refusal("deadline-needs-date"),))
    due = find_day_of_week(plain, reference) or find_day_of_month(plain, reference)
    return _Due(DeadlineKind.DATE, due, (_assumed(due),)) if due else None


def _is_relative(text: str, periods: tuple[str, ...]) -> bool:
    """Return whether it is a number of days or weeks from an unnamed day."""
    units = "|".join(re.escape(period) for period in longest_first(periods))
    return bool(units) and bool(
        re.fullmatch(rf"\D*?[0-9{UP_TO_99}两半]+个?(?:{units})(?:之内|以内|内)", text)
    )


def _day(text: str, reference: date, *, ended: bool, is_given: bool) -> _Due | Refusal | None:
    day = find_day(text, reference)
    if not isinstance(day, ReadDay):
        return day
    later = _is_next_years(day.date, reference, year_typed=day.year_typed or is_given)
    due = Month(day.date.year + later, day.date.month).until(day.date.day)
    # 8.25 may be a number, 8.25前 is a date.
    doubtful = (day.bare and not ended) or later
    return _Due(DeadlineKind.DATE, due, (_assumed(due),) if doubtful else ())


def _is_next_years(due: date, reference: date, *, year_typed: bool) -> bool:
    """Return whether a day without a year is so long past that the next year is meant: 1月底 in a December ledger."""
    return not year_typed and (reference - due).days > _LONG_PAST


def _month(text: str, words: Reading, reference: date, *, is_given: bool) -> _Due | Refusal | None:
    part = find_part_of_month(text, words.deadlines.parts_of_month, reference)
    if part:
        kind, month, until = DeadlineKind.DATE, *part
    else:
        kind, month, until = DeadlineKind.MONTH, find_month(text, reference), 31
    if not isinstance(month, Month):
        return month
    later = _is_next_years(month.until(until), reference, year_typed=month.year_typed or is_given)
    due = replace(month, year=month.year + later).until(until)
    return _Due(kind, due, (_assumed(due),) if month.bare or later else ())


def _range(text: str, reference: date) -> _Due | Refusal | None:
    found = find_range(text, reference)
    if found is None or isinstance(found, Refusal):
        return found
    first, last = (day.date for day in found)
    if last < first:
        return Refusal("deadline-backwards")
    one_month = (first.year, first.month) == (last.year, last.month)
    return _Due(DeadlineKind.RANGE, last, () if one_month else (_assumed(last),))


def _part_of_year(text: str, words: Reading, reference: date) -> _Due | Refusal | None:
    month = find_part_of_year(text, words.deadlines.parts_of_year, reference)
    if not isinstance(month, Month):
        return month
    due = month.until()
    return _Due(DeadlineKind.DATE, due, () if month.year_typed else (_assumed(due),))


def _assumed(due: date) -> Refusal:
    return Refusal("date-assumed", {"due": typed_day(due)})
