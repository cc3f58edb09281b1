"""Breakdowns of the figures by village, household type, day and so on, and changes since a day."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from build_scripts.counting.breakdown_dimensions import (
    DAY_FILED,
    DAY_RECTIFIED,
    NEEDED,
    NOT_FILLED,
    OTHER,
    PARTS,
    VILLAGE,
    Division,
    label_of,
)
from build_scripts.counting.count_query import COLUMNS, KEYS, QUERY, Records, divided, require_tables
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference, Unreconciled
from build_scripts.counting.query_lines import within_county
from build_scripts.counting.regions import village_names
from build_scripts.counting.summary_lines import FIGURES
from build_scripts.csv_text import csv_of
from checklist.messages import say
from checklist.model import Campaign

if TYPE_CHECKING:
    import pandas as pd

_DIVIDED = (*KEYS, "part", *COLUMNS[len(KEYS) :])

Figures = Mapping[str, int]


@dataclass(frozen=True)
class Slice:
    """The figures of one village, one household type, one day …"""

    id: str
    """The code or id; empty where nothing was filled in."""
    name: str
    figures: Figures


@dataclass(frozen=True)
class Breakdown:
    """The county's figures by one dimension."""

    by: str
    """A key of ``PARTS``."""
    label: str
    columns: Sequence[str]
    """The figures that apply to it."""
    slices: tuple[Slice, ...]
    total: Figures


@dataclass(frozen=True)
class UnitChange:
    """What one unit has done since a day."""

    unit_code: str
    unit: str
    found: int
    """Issues filed since."""
    rectified: int
    """Issues rectified since, whenever they were filed."""
    proposed_households: int
    proposed_people: int


def break_down(records: Records, campaign: Campaign, by: str, summary: Summary) -> Breakdown:
    """Divide the figures of an opened source.

    Raises:
        BadSource: a column that it is divided by is missing.
        Unreconciled: the parts do not add up to the county's total.
    """
    part = PARTS[by]
    counted = _counted(records, campaign, part)
    # Villages of other counties are not in this campaign's list; the exports name them.
    names = (village_names(records) if by == VILLAGE and summary.regions else {}) or part.names(campaign)
    if part.read:
        read = part.read(campaign)
        counted["part"] = [value and (read(value) or OTHER) for value in counted["part"].tolist()]
    summed = counted.groupby("part", sort=False)[list(part.figures)].sum()
    figures = {str(value): {str(name): int(figure) for name, figure in line.items()}
               for value, line in summed.to_dict("index").items()}  # fmt: skip
    slices = tuple(_slices(figures, names))
    total = {column: summary.county.total.figure(column) for column in part.figures}
    _require_sum(slices, total, part, campaign)
    return Breakdown(by, label_of(by, campaign), part.figures, slices, total)


def _counted(records: Records, campaign: Campaign, part: Division) -> "pd.DataFrame":
    """Return the query's result with a column ``part``."""
    # Lazy import: pandas takes half a second, which a summary without breakdowns need not pay.
    from build_scripts.counting.pandas_summary import frame_of

    if part.of_problem_type:
        counts = frame_of(records.run(QUERY), campaign)
        return counts.assign(part=counts["problem_type_id"].map(dict(part.of_problem_type(campaign))))
    needed = {table: {column} for table, column in part.columns.items() if column.isidentifier()}
    require_tables(records.columns, needed or NEEDED)
    return frame_of(records.run(divided(part.columns)), campaign, _DIVIDED)


def _slices(figures: Mapping[str, Figures], names: Mapping[str, str]) -> Iterator[Slice]:
    """Sort slices by name, then unnamed ones, then the empty value."""
    known = [value for value in names if value in figures]
    unknown = sorted(value for value in figures if value and value not in names)
    for value in (*known, *unknown, *([""] if "" in figures else [])):
        if any(figures[value].values()):
            yield Slice(value, names.get(value, value) or NOT_FILLED, figures[value])


def _require_sum(slices: Iterable[Slice], total: Figures, part: Division, campaign: Campaign) -> None:
    """Refuse slices that do not add up to the total."""
    labels: dict[str, str] = {column.id: column.label for column in campaign.summary_table.columns}
    sums = {column: sum(each.figures[column] for each in slices) for column in total}
    wrong = [
        Difference(
            say(
                "summary-breakdown",
                label=labels.get(column, column),
                part=part.label,
                parts=sums[column],
                total=total[column],
                table=campaign.summary_table.called,
            )
        )
        for column in total
        if sums[column] != total[column]
    ]
    if wrong:
        raise Unreconciled(tuple(wrong))


def changes(records: Records, campaign: Campaign, since: date, summary: Summary) -> tuple[UnitChange, ...]:
    """Return what each unit filed and rectified since a day (inclusive), the county's total last.

    Raises:
        BadSource: the days are missing.
    """
    require_tables(records.columns, NEEDED)
    filed = _since(records, campaign, DAY_FILED, since, summary)
    rectified = _since(records, campaign, DAY_RECTIFIED, since, summary)
    units = [(table.unit_code, table.unit) for table in summary.units]
    lines = [_change(code, name, filed.get(code, {}), rectified.get(code, {})) for code, name in units]
    return (*lines, _sum_of(lines, summary.county.unit))


def _since(
    records: Records, campaign: Campaign, days: Mapping[str, str], since: date, summary: Summary
) -> Mapping[str, Figures]:
    """Return each unit's figures over the records dated ``since`` or later."""
    from build_scripts.counting.pandas_summary import frame_of

    answer = records.run(divided(days))
    frame = frame_of(answer if summary.regions else within_county(answer, campaign), campaign, _DIVIDED)
    late = frame[frame["part"] >= since.isoformat()]
    summed = late.groupby("unit_code")[list(FIGURES)].sum()
    return {str(unit): {str(name): int(figure) for name, figure in line.items()}
            for unit, line in summed.to_dict("index").items()}  # fmt: skip


def _change(code: str, name: str, filed: Figures, rectified: Figures) -> UnitChange:
    return UnitChange(
        code,
        name,
        filed.get("found", 0),
        rectified.get("rectified", 0),
        filed.get("proposed_households", 0),
        filed.get("proposed_people", 0),
    )


def _sum_of(lines: Sequence[UnitChange], name: str) -> UnitChange:
    return UnitChange(
        "",
        name,
        sum(line.found for line in lines),
        sum(line.rectified for line in lines),
        sum(line.proposed_households for line in lines),
        sum(line.proposed_people for line in lines),
    )


def breakdown_csv(breakdown: Breakdown) -> str:
    """``by-<key>.csv``: a row for each slice, without a total."""
    rows = (
        (each.id, each.name, *(each.figures[column] for column in breakdown.columns))
        for each in breakdown.slices
    )
    return csv_of((breakdown.by, "name", *breakdown.columns), rows)
