"""账账相符: what must agree before anything is published. Every difference is reported, not only the first."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from build_scripts.summary.counties import Scope
from build_scripts.summary.query import KEYS
from build_scripts.summary.rows import FIGURES, SummaryRow
from build_scripts.summary.table import Summary
from checklist.messages import say
from checklist.model import Campaign


@dataclass(frozen=True)
class Difference:
    """Figures or records that do not agree."""

    sentence: str
    unit_code: str = ""
    problem_type_id: str = ""
    records: tuple[str, ...] = ()
    """Ids of the records behind it."""

    def __str__(self) -> str:
        more = "等" if len(self.records) > _SHOWN else ""
        shown = f"（记录编号：{'、'.join(self.records[:_SHOWN])}{more}）" if self.records else ""
        return self.sentence + shown


_SHOWN = 5


class Unreconciled(Exception):
    """Figures that do not agree, so nothing is published."""

    def __init__(self, differences: tuple[Difference, ...]) -> None:
        super().__init__("\n".join(map(str, differences)))
        self.differences = differences

    def with_records(self, behind: Mapping[tuple[str, str], tuple[str, ...]]) -> "Unreconciled":
        """The same with the records behind each difference, by unit and problem type."""
        return Unreconciled(tuple(_with_records(each, behind) for each in self.differences))


def _with_records(difference: Difference, behind: Mapping[tuple[str, str], tuple[str, ...]]) -> Difference:
    found = [
        record
        for (unit, problem_type), records in behind.items()
        if unit == difference.unit_code and difference.problem_type_id in ("", problem_type)
        for record in records
    ]
    return replace(difference, records=tuple(found))


def check_counts(counts: pd.DataFrame, campaign: Campaign, scope: Scope) -> None:
    """What the query answered, before it is shaped.

    Raises:
        Unreconciled: records of a unit or problem type that nobody knows, issues that are neither
            rectified nor rectifying, a household that is there twice.
    """
    names = {unit.code: unit.name for unit in scope.units}
    _raise(
        *_unknown(counts, campaign, names),
        *_wrong_states(counts, campaign, names),
        *_repeated_households(counts, campaign, names),
    )


def check_summary(summary: Summary, counts: pd.DataFrame, campaign: Campaign) -> None:
    """What is to be published, against what the query answered.

    Raises:
        Unreconciled: a table where found is not rectified + rectifying, or totals over units, over problem types
            and over the source's lines that differ.
    """
    _raise(*_wrong_lines(summary), *_wrong_totals(summary, counts, campaign))


def _raise(*differences: Difference) -> None:
    if differences:
        raise Unreconciled(differences)


def _unknown(counts: pd.DataFrame, campaign: Campaign, names: Mapping[str, str]) -> Iterator[Difference]:
    """Records that would stand in no table."""
    for code in counts["unit_code"].unique():
        if code not in names:
            yield Difference(say("summary-unknown-unit", unit=str(code)), str(code))
    pairs = counts[["unit_code", "problem_type_id"]].drop_duplicates()
    for code, problem_type in pairs.itertuples(index=False):
        if code in names and problem_type not in campaign.problem_type_by_id:
            sentence = say("summary-unknown-problem-type", unit=names[code], problem_type=str(problem_type))
            yield Difference(sentence, str(code), str(problem_type))


def _said(code: str, line: pd.Series, campaign: Campaign, names: Mapping[str, str]) -> Difference:
    """A difference in a line, its unit and problem type in the office's words or as the record has them."""
    unit, problem_type_id = str(line["unit_code"]), str(line["problem_type_id"])
    problem_type = campaign.problem_type_by_id.get(problem_type_id)
    words = {
        "unit": names.get(unit, unit),
        "problem_type": problem_type.name if problem_type else problem_type_id,
    }
    figures = {str(column): int(line[column]) for column in line.index if column not in KEYS}
    figures |= {"records": figures["household_records"], "households": figures["proposed_households"]}
    return Difference(say(code, **words, **figures), unit, problem_type_id)


def _wrong_states(counts: pd.DataFrame, campaign: Campaign, names: Mapping[str, str]) -> Iterator[Difference]:
    """Issues in a state that is neither rectified nor rectifying."""
    wrong = counts[counts["found"] != counts["rectified"] + counts["rectifying"]]
    for _, line in wrong.iterrows():
        yield _said("summary-found", line, campaign, names)


def _repeated_households(
    counts: pd.DataFrame, campaign: Campaign, names: Mapping[str, str]
) -> Iterator[Difference]:
    """Households that one line of the answer holds twice."""
    wrong = counts[counts["household_records"] != counts["proposed_households"]]
    for _, line in wrong.iterrows():
        yield _said("summary-households", line, campaign, names)


def _wrong_lines(summary: Summary) -> Iterator[Difference]:
    """Lines of any table, totals included, where found is not rectified + rectifying."""
    for table in (*summary.units, summary.county):
        for row in (*table.lines, table.total):
            if row.found != row.rectified + row.rectifying:
                figures = {column: row.figure(column) for column in FIGURES}
                sentence = say("summary-found", unit=row.unit, problem_type=row.problem_type, **figures)
                yield Difference(sentence, row.unit_code, row.problem_type_id)


def _wrong_totals(summary: Summary, counts: pd.DataFrame, campaign: Campaign) -> Iterator[Difference]:
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
            Difference(say("summary-total", label=column.label, units=way, source=source))
            for way in ways
            if way != source
        )
    yield from _wrong_county_lines(summary)


def _wrong_county_lines(summary: Summary) -> Iterator[Difference]:
    """Lines of the county's table that are not the sum of the units' lines."""
    for position, line in enumerate(summary.county.lines):
        of_units = tuple(table.lines[position] for table in summary.units)
        for column in FIGURES:
            if _sum(of_units, column) != line.figure(column):
                both = {"units": _sum(of_units, column), "source": line.figure(column)}
                yield Difference(say("summary-total", label=line.problem_type, **both))


def _sum(rows: tuple[SummaryRow, ...], column: str) -> int:
    """The sum of one figure, in plain Python: it checks what pandas added up."""
    return sum(row.figure(column) for row in rows)
