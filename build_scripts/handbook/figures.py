"""The compiled figures as values: rows of ``summary.csv``, and the lines that a page's table shows."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from checklist.model import Campaign, SummaryTable


@dataclass(frozen=True)
class SummaryRow:
    """One row of ``summary.csv``: a unit's figures for one problem type. Counts are of issues, households, people."""

    unit_code: str
    unit: str
    problem_type_id: str
    problem_type: str
    found: int
    rectified: int
    rectifying: int
    proposed_households: int
    proposed_people: int
    reported: str
    """``yes``, ``zero`` (looked, found nothing) or ``no`` (not reported yet)."""


Summary = tuple[SummaryRow, ...]

COLUMNS = tuple(field.name for field in fields(SummaryRow))
_COUNTS = frozenset(field.name for field in fields(SummaryRow) if field.type is int)


def read_summary(path: Path) -> Summary | None:
    """The rows of a ``summary.csv``; None where nothing has been compiled.

    Raises:
        ValueError: the file is no summary: it lacks a column, or a count is no number.
    """
    if not path.is_file():
        return None
    with path.open(encoding="utf-8-sig", newline="") as lines:
        reader = csv.DictReader(lines)
        missing = set(COLUMNS).difference(reader.fieldnames or ())
        if missing:
            raise ValueError(f"{path}：缺少列 {'、'.join(sorted(missing))}，请重新运行 huitoukan summary。")
        return tuple(_row(line) for line in reader)


def _row(line: dict[str, str]) -> SummaryRow:
    values = {name: int(line[name]) if name in _COUNTS else line[name] for name in COLUMNS}
    return SummaryRow(**values)  # type: ignore[arg-type]  # mypy does not follow the names


def total(rows: Iterable[SummaryRow], column: str) -> int:
    """The sum of one column of counts."""
    return sum(getattr(row, column) for row in rows)


def cells(table: SummaryTable, rows: tuple[SummaryRow, ...]) -> Iterator[str]:
    """What the table prints for these rows: figures where one of them reports, a mark otherwise.

    The figures of several units are added; where only some have reported, the sum is that of those.
    """
    states = {row.reported for row in rows}
    for column in table.columns:
        figure = total(rows, column.id)
        if figure or "yes" in states:
            yield str(figure)
        else:
            yield table.zero_mark if "zero" in states else table.missing_mark


def by_problem_type(campaign: Campaign, rows: Iterable[SummaryRow]) -> dict[str, tuple[SummaryRow, ...]]:
    """Problem type id to its rows, in the campaign's order; a type without rows has none."""
    rows = tuple(rows)
    return {
        kind.id: tuple(row for row in rows if row.problem_type_id == kind.id) for kind in campaign.problem_types
    }
