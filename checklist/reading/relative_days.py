"""Days relative to the day of writing: 15个工作日内, 下月底前, 本周五前, 25日前."""

import re
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from checklist.chinese_numerals import NUMERALS, read_numeral
from checklist.date_formats import WEEKDAYS, month_of_year
from checklist.reading.affixes import longest_first
from checklist.reading.day_patterns import Month

_WEEKDAY = re.compile(rf"(?<=[日号\d])\(?(?:星期|周|礼拜)([{WEEKDAYS}天])\)?")
_OF_A_WEEK = re.compile(rf"(本|这|这个|下|下个)?(?:星期|周|礼拜)([{WEEKDAYS}天末])")
_OF_A_MONTH = re.compile(r"(下个?|次|本|这个|当)月")
_DAY_ONLY = re.compile(r"(\d{1,2})[日号]", re.ASCII)
_MOST = 1000
"""Maximum count of any unit: more is no deadline."""


def working_days_later(day: date, count: int) -> date:
    """Add working days, Mondays to Fridays; holidays are unknown."""
    while count:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return day


def months_later(day: date, count: int) -> date:
    """Add months; the day is clamped to the month's last one."""
    months = day.year * 12 + day.month - 1 + count
    return Month(months // 12, months % 12 + 1).until(day.day)


_LATER: dict[str, Callable[[date, int], date]] = {
    "小时": lambda day, count: day + timedelta(days=-(-count // 24)),
    "天": lambda day, count: day + timedelta(days=count),
    "日": lambda day, count: day + timedelta(days=count),
    "工作日": working_days_later,
    "周": lambda day, count: day + timedelta(weeks=count),
    "星期": lambda day, count: day + timedelta(weeks=count),
    "礼拜": lambda day, count: day + timedelta(weeks=count),
    "月": months_later,
    "季度": lambda day, count: months_later(day, 3 * count),
    "年": lambda day, count: months_later(day, 12 * count),
}
_HALVES: dict[str, Callable[[date], date]] = {
    "天": lambda day: day,
    "月": lambda day: day + timedelta(days=15),
    "年": lambda day: months_later(day, 6),
}
_AMBIGUOUS = ("日", "年")
"""Units that mean a day or a year without 内: 25日."""


def find_period(text: str, periods: Sequence[str], reference: date) -> date | None:
    """Return the last day of a period from the reference, as 一周内 or 10个工作日; None if there is none."""
    units = "|".join(map(re.escape, longest_first(periods)))
    found = re.fullmatch(rf"(半|[0-9]+|[{NUMERALS}]+)个?({units})(之内|以内|内)?", text) if units else None
    if not found:
        return None
    number, unit, within = found.groups()
    unit = unit.removeprefix("个")
    if unit not in _LATER or not (within or unit not in _AMBIGUOUS):
        return None
    if number == "半":
        return _HALVES[unit](reference) if unit in _HALVES else None
    count = int(number) if number.isascii() else read_numeral(number)
    return _LATER[unit](reference, count) if count is not None and 0 < count <= _MOST else None


def find_day_of_week(text: str, reference: date) -> date | None:
    """Return the day of this week or the next, as 本周五 or 下周末; a past one means the next week's."""
    found = _OF_A_WEEK.fullmatch(text)
    if not found:
        return None
    at = 6 if found[2] in "天末" else WEEKDAYS.index(found[2])
    monday = reference - timedelta(days=reference.weekday())
    day = monday + timedelta(days=at, weeks=(found[1] or "").startswith("下"))
    return day if found[1] or day >= reference else day + timedelta(weeks=1)


def find_day_of_month(text: str, reference: date) -> date | None:
    """Return the day of this month, as 25日, or of the next if it is past; None if there is none."""
    found = _DAY_ONLY.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= 31:
        return None
    day = Month(reference.year, reference.month).until(int(found[1]))
    following = months_later(reference.replace(day=1), 1)
    return day if day >= reference else Month(following.year, following.month).until(int(found[1]))


def with_months_named(text: str, reference: date) -> str:
    """Replace a leading 下月 or 本月 by year and month."""
    found = _OF_A_MONTH.match(text)
    if not found:
        return text
    month = months_later(reference, int(found[1][0] in "下次"))
    return f"{month_of_year(month.year, month.month)}{text[found.end() :].removeprefix('月')}"


def without_weekday(text: str) -> tuple[str, int | None]:
    """Strip the weekday after the day; return it, counted from 0 for Monday."""
    found = _WEEKDAY.search(text)
    if not found:
        return text, None
    at = 6 if found[1] == "天" else WEEKDAYS.index(found[1])
    return text[: found.start()] + text[found.end() :], at
