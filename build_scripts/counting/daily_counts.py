"""Daily counts of issues filed and rectified, and ``days.csv``."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from build_scripts.counting.breakdown_dimensions import DAY_COUNTED_RECTIFIED, DAY_FILED, NEEDED
from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided
from build_scripts.counting.summary_lines import NotASummary
from build_scripts.csv_text import csv_of, read_lines
from checklist.model import Campaign

MOST = 200_000
"""Maximum number of issues for which days are counted by default: no index covers them, and a million takes seconds."""
_LONGEST = 400
"""Maximum number of days: a mistyped year must not produce a page of centuries."""


@dataclass(frozen=True)
class DayCount:
    """A day's issues, with running totals."""

    day: date
    found: int
    rectified: int
    found_so_far: int
    rectified_so_far: int


def has_days(records: Records) -> bool:
    """Return whether the source has the columns that daily counts need."""
    return all(records.columns.get(table, frozenset()) >= columns for table, columns in NEEDED.items())


def days_of(records: Records, campaign: Campaign) -> tuple[DayCount, ...]:
    """Return every day from the first filing to the last filing or rectification.

    An issue counts on the day on which it was filed and, once it is rectified or closed, on the day that its ledger
    says, but not before it was filed. Where the ledger says none, the final sum is smaller than annex 2's.
    """
    found = _by_day(records, campaign, DAY_FILED, "found")
    rectified = _by_day(records, campaign, DAY_COUNTED_RECTIFIED, "rectified")
    return tuple(every_day(found, rectified))


def _by_day(records: Records, campaign: Campaign, days: Mapping[str, str], figure: str) -> Counter[date]:
    """Return a figure by day, skipping rows without a day."""
    place = COLUMNS.index(figure) + 1
    counted: Counter[date] = Counter()
    for line in records.run(divided(days)):
        if line[0] == campaign.id and line[len(KEYS)] and line[place]:
            counted[date.fromisoformat(str(line[len(KEYS)]))] += int(line[place])
    return counted


def every_day(found: Counter[date], rectified: Counter[date]) -> Sequence[DayCount]:
    """Accumulate days to running totals; an issue rectified before its filing counts from its filing."""
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
    """Return ``days.csv``: plain UTF-8, a row for each day."""
    return csv_of(HEADER, map(astuple, days))


def read_csv(path: Path) -> tuple[DayCount, ...]:
    """Read the rows of a ``days.csv``; empty if the file does not exist.

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
