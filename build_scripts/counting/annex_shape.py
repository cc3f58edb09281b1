"""Annex 2 from what was counted: which lines, in which order, what they answer, how several become one.

The plain path and pandas both ask here; all that they do themselves is add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from build_scripts.counting.summary_lines import FIGURES, AnnexTable, Reported, SummaryRow
from checklist.model import Campaign, SummaryTable

Named = tuple[str, str]
"""A code or id, and the name for it."""

ANSWERS: tuple[Reported, ...] = ("zero", "no", "yes")
"""What a line reports, by rank: several lines together report the highest. So one that found something says yes for
all, and zero is said only where every one says zero."""

RANK = "rank"
COMBINED: Mapping[str, str] = {**dict.fromkeys(FIGURES, "sum"), RANK: "max"}
"""How the figures and the ranks of several lines become those of one."""


class _ByColumn(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...


def rank_of(counted: _ByColumn) -> Any:
    """The place in ``ANSWERS`` of what was counted, by column: numbers give a number, pandas' columns a column."""
    # Whoever ticked 经排查无问题 and then filed something has found something.
    found = (counted["found"] > 0) | (counted["proposed_households"] > 0)
    not_ticked = counted["zero_reported"] == 0
    return found * 1 + (found | not_ticked) * 1


def problem_types(campaign: Campaign) -> list[Named]:
    """The lines of every table: all problem types in the campaign's order, whether anything was counted or not."""
    return [(each.id, each.name) for each in campaign.problem_types]


def row_of(unit: Named, problem_type: Named, figures: Iterable[int], rank: int) -> SummaryRow:
    """A line: its figures in the order of ``FIGURES``."""
    return SummaryRow(*unit, *problem_type, *figures, ANSWERS[rank])  # type: ignore[arg-type, call-arg]


def table_of(
    unit: Named, lines: Sequence[SummaryRow], campaign: Campaign, total: SummaryRow | None = None
) -> AnnexTable:
    """A unit's table with its 合计, unless that was added up already."""
    return AnnexTable(*unit, tuple(lines), total or total_of(unit, lines, campaign))


def total_of(unit: Named, lines: Sequence[SummaryRow], campaign: Campaign) -> SummaryRow:
    """The last line of a table with these lines."""
    return combined(lines, unit, total_name(campaign))


def total_name(campaign: Campaign) -> Named:
    """What stands in a total's line in place of a problem type."""
    return "", campaign.summary_table.total_label


def combined(lines: Sequence[SummaryRow], unit: Named, problem_type: Named) -> SummaryRow:
    """Lines as one."""
    figures = (sum(line.figure(column) for line in lines) for column in FIGURES)
    return row_of(unit, problem_type, figures, ANSWERS.index(together(line.reported for line in lines)))


def together(reported: Iterable[Reported]) -> Reported:
    """What several lines report in one; without any line, nothing was reported."""
    return max(reported, key=ANSWERS.index, default="no")


def shown(table: SummaryTable, row: SummaryRow, column: str) -> int | str:
    """What a cell shows: the figure, or the mark for a unit that found nothing or has not reported."""
    if row.reported == "yes":
        return row.figure(column)
    return table.zero_mark if row.reported == "zero" else table.missing_mark
