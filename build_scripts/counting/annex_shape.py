"""The shape of annex 2: its lines, their order, what they report, and how several are merged.

Shared by the plain and the pandas implementation, which only add up.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from build_scripts.counting.summary_lines import FIGURES, AnnexTable, Reported, SummaryRow
from checklist.model import Campaign, SummaryTable

Named = tuple[str, str]
"""A code or id, and the name for it."""

ANSWERS: tuple[Reported, ...] = ("zero", "no", "yes")
"""What a line reports, by rank; merged lines report the highest: one ``yes`` makes the whole ``yes``, and the whole is
``zero`` only if every line is."""

RANK = "rank"
COMBINED: Mapping[str, str] = {**dict.fromkeys(FIGURES, "sum"), RANK: "max"}
"""The aggregate functions that merge the figures and the ranks of several lines."""


class _ByColumn(Protocol):
    def __getitem__(self, column: str, /) -> Any: ...


def rank_of(counted: _ByColumn) -> Any:
    """Return the index in ``ANSWERS`` for counted figures; works on numbers and, vectorised, on pandas columns."""
    # A unit that ticked 经排查无问题 and filed issues later has found something.
    found = (counted["found"] > 0) | (counted["proposed_households"] > 0)
    not_ticked = counted["zero_reported"] == 0
    return found * 1 + (found | not_ticked) * 1


def problem_types(campaign: Campaign) -> list[Named]:
    """Return the lines of every table: all problem types in the campaign's order, counted or not."""
    return [(each.id, each.name) for each in campaign.problem_types]


def row_of(unit: Named, problem_type: Named, figures: Iterable[int], rank: int) -> SummaryRow:
    """Build a line from its figures in the order of ``FIGURES``."""
    return SummaryRow(*unit, *problem_type, *figures, ANSWERS[rank])  # type: ignore[arg-type, call-arg]


def table_of(
    unit: Named, lines: Sequence[SummaryRow], campaign: Campaign, total: SummaryRow | None = None
) -> AnnexTable:
    """Build a unit's table, computing its 合计 unless given."""
    return AnnexTable(*unit, tuple(lines), total or total_of(unit, lines, campaign))


def total_of(unit: Named, lines: Sequence[SummaryRow], campaign: Campaign) -> SummaryRow:
    """Return the total line of these lines."""
    return combined(lines, unit, total_name(campaign))


def total_name(campaign: Campaign) -> Named:
    """The total line's id and label, in place of a problem type's."""
    return "", campaign.summary_table.total_label


def combined(lines: Sequence[SummaryRow], unit: Named, problem_type: Named) -> SummaryRow:
    """Merge lines into one."""
    figures = (sum(line.figure(column) for line in lines) for column in FIGURES)
    return row_of(unit, problem_type, figures, ANSWERS.index(together(line.reported for line in lines)))


def together(reported: Iterable[Reported]) -> Reported:
    """Return the highest rank among lines; ``no`` for none."""
    return max(reported, key=ANSWERS.index, default="no")


def shown(table: SummaryTable, row: SummaryRow, column: str) -> int | str:
    """Return a cell's text: the figure, or the mark for found nothing or not reported."""
    if row.reported == "yes":
        return row.figure(column)
    return table.zero_mark if row.reported == "zero" else table.missing_mark
