"""A line of the summary as a value, and ``summary.csv``."""

from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

from build_scripts.csv_text import WrongHeader, csv_of, read_lines

Reported = Literal["yes", "zero", "no"]
"""Reporting states: found something (yes), ticked 经排查无问题 (zero), not reported yet (no)."""

FIGURES = ("found", "rectified", "rectifying", "proposed_households", "proposed_people")
"""The figures that a line carries, under the ids of the summary table's columns."""


@dataclass(frozen=True)
class SummaryRow:
    """What one unit reports under one problem type.

    In a county's table ``unit_code`` is empty and ``unit`` is the county's name; in a total line
    ``problem_type_id`` is empty and ``problem_type`` is the total's label.
    """

    unit_code: str
    unit: str
    problem_type_id: str
    problem_type: str
    found: int
    rectified: int
    rectifying: int
    proposed_households: int
    proposed_people: int
    reported: Reported

    def figure(self, column: str) -> int:
        """Return the figure of a summary column, by the column's id."""
        value: int = getattr(self, column)
        return value


@dataclass(frozen=True)
class AnnexTable:
    """Annex 2 of one unit, or of the county: a line for each problem type in the campaign's order, and the total."""

    unit_code: str
    """Empty for the county."""
    unit: str
    lines: tuple[SummaryRow, ...]
    total: SummaryRow


HEADER = tuple(field.name for field in fields(SummaryRow))


class NotASummary(ValueError):
    """The file is not a valid ``summary.csv``; the message is a sentence for users."""


def to_csv(rows: tuple[SummaryRow, ...]) -> str:
    """Return ``summary.csv`` as text: a header, then the rows in the given order, lines ending in a line feed.

    Plain UTF-8 without BOM: it is for programs; officials open the workbooks beside it.
    """
    return csv_of(HEADER, map(astuple, rows))


def read_csv(path: Path) -> tuple[SummaryRow, ...]:
    """Read the rows of a ``summary.csv``, in its order.

    Raises:
        NotASummary: the header or a line is not one of ours.
        OSError: the file can't be read.
    """
    try:
        return tuple(_row(dict(zip(HEADER, line, strict=True))) for line in read_lines(path, HEADER))
    except WrongHeader as error:
        raise NotASummary(f"{path} 的表头不是汇总表的表头；请重新汇总。") from error
    except ValueError as error:
        raise NotASummary(f"{path} 不是完整的汇总结果；请重新汇总。") from error


def _row(line: dict[str, str]) -> SummaryRow:
    """Parse one line of the file."""
    if line["reported"] not in ("yes", "zero", "no"):
        raise ValueError(line["reported"])
    numbers = {column: int(line[column]) for column in FIGURES}
    return SummaryRow(**(line | numbers))  # type: ignore[arg-type]
