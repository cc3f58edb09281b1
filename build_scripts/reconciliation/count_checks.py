"""Invariants of the counts (账账相符) that block publication. Every difference is reported, not only the first.

Computed independently of the code that builds the tables.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from build_scripts.counting.count_query import COLUMNS, KEYS, Line
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference, Unreconciled
from build_scripts.counting.regions import CountyScope
from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from checklist.messages import say
from checklist.model import Campaign

_Counted = Mapping[str, str | int]


def wrong_counts(lines: Iterable[Line], campaign: Campaign, scope: CountyScope) -> Iterator[Difference]:
    """Check the query's result before shaping, for rows that would be in no table or in two."""
    names = {unit.code: unit.name for unit in scope.units}
    unknown: set[str] = set()
    for line in lines:
        counted = dict(zip(COLUMNS, line, strict=True))
        code = str(counted["unit_code"])
        if code not in names and code not in unknown:
            unknown.add(code)
            yield Difference(say("summary-unknown-unit", unit=code), code)
        elif code in names and counted["problem_type_id"] not in campaign.problem_type_by_id:
            yield _said("summary-unknown-problem-type", counted, campaign, names)
        yield from _wrong_line(counted, campaign, names)


def _wrong_line(counted: _Counted, campaign: Campaign, names: Mapping[str, str]) -> Iterator[Difference]:
    """Yield issues neither rectified nor rectifying, and duplicate households."""
    if counted["found"] != int(counted["rectified"]) + int(counted["rectifying"]):
        yield _said("summary-found", counted, campaign, names)
    if counted["household_records"] != counted["proposed_households"]:
        yield replace(_said("summary-households", counted, campaign, names), kind="household")


def _said(code: str, counted: _Counted, campaign: Campaign, names: Mapping[str, str]) -> Difference:
    """Build a line's difference, with names of unit and problem type, or the raw codes if unknown."""
    unit, problem_type_id = str(counted["unit_code"]), str(counted["problem_type_id"])
    problem_type = campaign.problem_type_by_id.get(problem_type_id)
    words = {
        "unit": names.get(unit, unit),
        "problem_type": problem_type.name if problem_type else problem_type_id,
        "records": counted["household_records"],
        "households": counted["proposed_households"],
    }
    figures = {column: figure for column, figure in counted.items() if column not in KEYS}
    return Difference(say(code, **(figures | words)), unit, problem_type_id)


def wrong_tables(summary: Summary, lines: Iterable[Line], campaign: Campaign) -> Iterator[Difference]:
    """Check the tables to be published against the query's result.

    A table where found is not rectified + rectifying, or totals over units, over problem types and over the source's
    lines that differ.
    """
    yield from _wrong_lines(summary)
    yield from _wrong_totals(summary, lines, campaign)
    yield from _wrong_county_lines(summary)


def require_none(differences: Iterable[Difference]) -> None:
    """Raise if there are differences.

    Raises:
        Unreconciled: with every difference.
    """
    found = tuple(differences)
    if found:
        raise Unreconciled(found)


def _wrong_lines(summary: Summary) -> Iterator[Difference]:
    """Yield lines of any table, totals included, where found is not rectified + rectifying."""
    for table in (*summary.units, summary.county):
        for row in (*table.lines, table.total):
            if row.found != row.rectified + row.rectifying:
                figures = {column: row.figure(column) for column in FIGURES}
                sentence = say("summary-found", unit=row.unit, problem_type=row.problem_type, **figures)
                yield Difference(sentence, row.unit_code, row.problem_type_id)


def _wrong_totals(summary: Summary, lines: Iterable[Line], campaign: Campaign) -> Iterator[Difference]:
    """Compare totals computed in four ways: source, units' totals, county's lines, county's total."""
    sources = dict(zip(COLUMNS, zip(*lines, strict=True), strict=False))
    for column in campaign.summary_table.columns:
        source = sum(map(int, sources.get(column.id, ())))
        ways = (
            _sum([table.total for table in summary.units], column.id),
            _sum(summary.rows, column.id),
            _sum(summary.county.lines, column.id),
            summary.county.total.figure(column.id),
        )
        for way in ways:
            if way != source:
                sentence = say("summary-total", label=column.label, units=way, source=source)
                yield Difference(sentence, column=column.id)


def _wrong_county_lines(summary: Summary) -> Iterator[Difference]:
    """Yield lines of the county's table that are not the sum of the units' lines."""
    for position, line in enumerate(summary.county.lines):
        of_units = [table.lines[position] for table in summary.units]
        for column in FIGURES:
            units = _sum(of_units, column)
            if units != line.figure(column):
                words = {"label": line.problem_type, "units": units, "source": line.figure(column)}
                yield Difference(say("summary-total", **words), "", line.problem_type_id, column=column)


def _sum(rows: Sequence[SummaryRow], column: str) -> int:
    return sum(row.figure(column) for row in rows)
