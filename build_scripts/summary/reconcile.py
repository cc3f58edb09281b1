"""账账相符: what must agree before anything is published. Every difference is reported, not only the first."""

from collections.abc import Iterator

import pandas as pd

from build_scripts.summary.rows import FIGURES, SummaryRow
from build_scripts.summary.table import Summary
from checklist.messages import say
from checklist.model import Campaign


class Unreconciled(Exception):
    """Figures that do not agree, so nothing is published."""

    def __init__(self, differences: tuple[str, ...]) -> None:
        super().__init__("\n".join(differences))
        self.differences = differences
        """A sentence for each."""


def check_counts(counts: pd.DataFrame, campaign: Campaign) -> None:
    """What the query answered, before it is shaped.

    Raises:
        Unreconciled: records of a unit or problem type that the campaign doesn't have, issues that are neither
            rectified nor rectifying, a household that is there twice.
    """
    _raise(
        *_unknown(counts, campaign), *_wrong_states(counts, campaign), *_repeated_households(counts, campaign)
    )


def check_summary(summary: Summary, counts: pd.DataFrame, campaign: Campaign) -> None:
    """What is to be published, against what the query answered.

    Raises:
        Unreconciled: a table where found is not rectified + rectifying, or totals over units, over problem types
            and over the source's lines that differ.
    """
    _raise(*_wrong_lines(summary), *_wrong_totals(summary, counts, campaign))


def _raise(*differences: str) -> None:
    if differences:
        raise Unreconciled(differences)


def _unknown(counts: pd.DataFrame, campaign: Campaign) -> Iterator[str]:
    """Records that would stand in no table."""
    codes = {unit.code for unit in campaign.filing_units}
    for code in counts["unit_code"].unique():
        if code not in codes:
            yield say("summary-unknown-unit", unit=str(code))
    pairs = counts[["unit_code", "problem_type_id"]].drop_duplicates()
    for code, problem_type in pairs.itertuples(index=False):
        if code in codes and problem_type not in campaign.problem_type_by_id:
            unit = campaign.unit_by_code[code].name
            yield say("summary-unknown-problem-type", unit=unit, problem_type=str(problem_type))


def _names(line: pd.Series, campaign: Campaign) -> dict[str, str]:
    """The unit and problem type of a line in the office's words, or as the record has them."""
    unit = campaign.unit_by_code.get(line["unit_code"])
    problem_type = campaign.problem_type_by_id.get(line["problem_type_id"])
    return {
        "unit": unit.name if unit else str(line["unit_code"]),
        "problem_type": problem_type.name if problem_type else str(line["problem_type_id"]),
    }


def _wrong_states(counts: pd.DataFrame, campaign: Campaign) -> Iterator[str]:
    """Issues in a state that is neither rectified nor rectifying."""
    wrong = counts[counts["found"] != counts["rectified"] + counts["rectifying"]]
    for _, line in wrong.iterrows():
        figures = {column: int(line[column]) for column in FIGURES}
        yield say("summary-found", **_names(line, campaign), **figures)


def _repeated_households(counts: pd.DataFrame, campaign: Campaign) -> Iterator[str]:
    """Households that one line of the answer holds twice."""
    wrong = counts[counts["household_records"] != counts["proposed_households"]]
    for _, line in wrong.iterrows():
        records, households = int(line["household_records"]), int(line["proposed_households"])
        yield say("summary-households", **_names(line, campaign), records=records, households=households)


def _wrong_lines(summary: Summary) -> Iterator[str]:
    """Lines of any table, totals included, where found is not rectified + rectifying."""
    for table in (*summary.units, summary.county):
        for row in (*table.lines, table.total):
            if row.found != row.rectified + row.rectifying:
                figures = {column: row.figure(column) for column in FIGURES}
                yield say("summary-found", unit=row.unit, problem_type=row.problem_type, **figures)


def _wrong_totals(summary: Summary, counts: pd.DataFrame, campaign: Campaign) -> Iterator[str]:
    """Totals by four ways: the source, the units' totals, the county's lines and the county's total."""
    for column in campaign.summary_table.columns:
        source = int(counts[column.id].sum())
        ways = (
            _sum(tuple(table.total for table in summary.units), column.id),
            _sum(summary.rows, column.id),
            _sum(summary.county.lines, column.id),
            summary.county.total.figure(column.id),
        )
        yield from (
            say("summary-total", label=column.label, units=way, source=source)
            for way in ways
            if way != source
        )
    yield from _wrong_county_lines(summary)


def _wrong_county_lines(summary: Summary) -> Iterator[str]:
    """Lines of the county's table that are not the sum of the units' lines."""
    for position, line in enumerate(summary.county.lines):
        of_units = tuple(table.lines[position] for table in summary.units)
        for column in FIGURES:
            if _sum(of_units, column) != line.figure(column):
                yield say(
                    "summary-total",
                    label=line.problem_type,
                    units=_sum(of_units, column),
                    source=line.figure(column),
                )


def _sum(rows: tuple[SummaryRow, ...], column: str) -> int:
    """The sum of one figure, in plain Python: it checks what pandas added up."""
    return sum(row.figure(column) for row in rows)
