"""Rectification over the days of the campaign: what was filed and what was rectified each day, and ``days.csv``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided
from build_scripts.counting.divisions import DAY_COUNTED_RECTIFIED, DAY_FILED, NEEDED
from build_scripts.counting.summary_lines import NotASummary
from build_scripts.csv_text import csv_of, read_lines
from checklist.model import Campaign

MOST = 200_000
"""Issues up to which the days are counted unasked: no index has them, and a million takes seconds."""
_LONGEST = 400
"""Days; a record with a mistyped year must not make a page of centuries."""


@dataclass(frozen=True)
class DayCount:
    """A day's issues, and all up to its end."""

    day: date
    found: int
    rectified: int
    found_so_far: int
    rectified_so_far: int


def has_days(records: Records) -> bool:
    """Whether the source has the columns that the days are read from."""
    return all(records.columns.get(table, frozenset()) >= columns for table, columns in NEEDED.items())


def days_of(records: Records, campaign: Campaign) -> tuple[DayCount, ...]:
    """Every day from the first on which an issue was filed to the last on which anything was done.

    An issue counts on the day on which it was filed and, once it is rectified or closed, on the day that its ledger
    says, but not before it was filed. Where the ledger says none, the sum at the end is smaller than annex 2's.
    """
    found = _by_day(records, campaign, DAY_FILED, "found")
    rectified = _by_day(records, campaign, DAY_COUNTED_RECTIFIED, "rectified")
    return tuple(every_day(found, rectified))


def _by_day(records: Records, campaign: Campaign, days: Mapping[str, str], figure: str) -> Counter[date]:
    """A figure by day; without a day it is left out."""
    place = COLUMNS.index(figure) + 1
    counted: Counter[date] = Counter()
    for line in records.run(divided(days)):
        if line[0] == campaign.id and line[len(KEYS)] and line[place]:
            counted[date.fromisoformat(str(line[len(KEYS)]))] += int(line[place])
    return counted


def every_day(found: Counter[date], rectified: Counter[date]) -> Sequence[DayCount]:
    """Day by day with the sums so far; an issue that was rectified before it was filed has counted as of then."""
    if not found:
        return ()
    first, last = min(found), max([*found, *rectified])
    count = min((last - first).days + 1, _LONGEST)
    days = [first + timedelta(number) for number in range(count)]
    daily = [found[day] for day in days], [rectified[day] for day in days]
    columns = zip(days, *daily, *(accumulate(each) for each in daily), strict=True)
    return [DayCount(*each) for each in columns]


HEADER = tuple(field.name for field in fields(DayCount))


def to_csv(days: Sequence[DayCount]) -> str:
    """``days.csv``: plain UTF-8, a row for each day."""
    return csv_of(HEADER, map(astuple, days))


def read_csv(path: Path) -> tuple[DayCount, ...]:
    """The rows of a ``days.csv``; none where there is no such file.

    Raises:
        NotASummary: the header or a line is not one of ours.
    """
    if not path.is_file():
        return ()
    try:
        lines = read_lines(path, HEADER)
        return tuple(DayCount(date.fromisoformat(day), *map(int, figures)) for day, *figures in lines)
    except (ValueError, TypeError) as error:
        raise NotASummary(f"{path} 不是完整的汇总结果；请重新汇总。") from error
