"""Dates and times as people read them: the one home of every format that is shown, named or typed.

What programs store and exchange stays ISO 8601 (``date.isoformat``).
"""

from datetime import date, datetime

from checklist.chinese_numerals import write_numeral

WEEKDAYS = "".join(map(write_numeral, range(1, 7))) + "日"
"""The characters of the days of a week, Monday first."""

TYPED_DAY = "%Y-%m-%d"
"""The format of a day typed on the command line: 2022-08-09."""

LOG_MOMENT = "%Y-%m-%dT%H:%M:%S%z"
"""The format of times in the server's log, with their offset: 2022-08-09T09:05:00+0800."""


def full_day(day: date) -> str:
    """2022年8月9日, as official documents write it: without leading zeros."""
    return f"{month_of_year(day.year, day.month)}{day.day}日"


def month_of_year(year: int, month: int) -> str:
    """2022年8月."""
    return f"{year}年{month}月"


def short_day(day: date) -> str:
    """8月9日, where the year is plain."""
    return month_and_day(day.month, day.day)


def month_and_day(month: int | str, day: int | str) -> str:
    """8月9日, of a day whose year is unknown or that is none, such as 2月30日."""
    return f"{month}月{day}日"


def day_of_month(day: int) -> str:
    """9日, of a month that is named before it."""
    return f"{day}日"


def clock_time(moment: datetime) -> str:
    """09:05."""
    return f"{moment:%H:%M}"


def full_moment(moment: datetime) -> str:
    """2022年8月9日 09:05."""
    return f"{full_day(moment)} {clock_time(moment)}"


def weekday_moment(moment: datetime) -> str:
    """2022年8月31日（周三）12:00."""
    return f"{full_day(moment)}（周{WEEKDAYS[moment.weekday()]}）{clock_time(moment)}"


def short_moment(moment: datetime) -> str:
    """8月9日 09:05, where the year is plain."""
    return f"{short_day(moment)} {clock_time(moment)}"


def as_of(moment: datetime) -> str:
    """截至2022年8月9日 09:05: the moment that figures are of."""
    return f"截至{full_moment(moment)}"


def typed_day(day: date) -> str:
    """2022-08-09, as date fields are filled in and ledgers show them."""
    return day.isoformat()


def typed_month(day: date) -> str:
    """2022-08, as months are filled in and stored."""
    return f"{day:%Y-%m}"


def file_stamp(moment: datetime) -> str:
    """20220809T0905, for names of files and folders."""
    return f"{moment:%Y%m%dT%H%M}"


def folder_stamp(moment: datetime) -> str:
    """20220809_090507, for names of folders and of PostgreSQL's schemas, which fold upper case."""
    return f"{moment:%Y%m%d_%H%M%S}"
