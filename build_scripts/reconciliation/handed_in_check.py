"""Check of a unit's own annex 2, as handed in, against its ledgers."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date

from build_scripts.counting.count_query import Line, Records, has, literals
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference
from build_scripts.counting.summary_lines import AnnexTable
from build_scripts.reconciliation.figures_of_record import (
    RECORDS,
    counts,
    difference,
    labels_of,
    of_unit,
)
from checklist.date_formats import short_day
from checklist.model import Campaign

_Typed = Mapping[tuple[str, str, str], Line]
"""Unit, problem type and column to the typed text, its number and time."""


def handed_in(records: Records, summary: Summary, campaign: Campaign) -> Iterator[Difference]:
    """Compare units' own annex 2 with the ledgers, cell by cell, with the records behind."""
    typed = _typed(records, campaign)
    units = {unit_code for unit_code, _, _ in typed}
    for table in summary.units:
        if table.unit_code in units:
            yield from _of_unit(records, table, typed, campaign)


def _typed(records: Records, campaign: Campaign) -> _Typed:
    if not has(records, "handed_in_figure"):
        return {}
    query = (
        "SELECT unit_code, problem_type_id, column_id, text, number, handed_in_at"  # noqa: S608 - an id of ours
        f" FROM handed_in_figure WHERE campaign_id = {literals([campaign.id])}"
    )
    return {(str(line[0]), str(line[1]), str(line[2])): line[3:] for line in records.run(query)}


def _of_unit(records: Records, table: AnnexTable, typed: _Typed, campaign: Campaign) -> Iterator[Difference]:
    labels = labels_of(campaign)
    cells = [(row, column) for row in (*table.lines, table.total) for column in labels]
    wrong = [
        (row, column, line)
        for row, column in cells
        if (line := typed.get((row.unit_code, row.problem_type_id, column))) and line[1] != row.figure(column)
    ]
    placed = _placed(records, campaign, table.unit_code) if wrong else {}
    for row, column, (text, _, moment) in wrong:
        words = {
            "day": short_day(date.fromisoformat(str(moment)[:10])),
            "typed": text or "空",
            "counted": row.figure(column),
            "table": campaign.summary_table.called,
        }
        found = difference("summary-handed-in", row, column, words, labels)
        ids = placed.get((row.problem_type_id, column), set())
        yield replace(found, records=tuple(sorted(ids)), kind="handed_in")


def _placed(records: Records, campaign: Campaign, unit_code: str) -> dict[tuple[str, str], set[str]]:
    """Group the unit's records by problem type and figure."""
    placed: dict[tuple[str, str], set[str]] = {}
    for table in RECORDS:
        for identity, problem_type, state, people in of_unit(records, table, campaign, unit_code):
            for place in counts(problem_type, state, people):
                placed.setdefault(place[:2], set()).add(str(identity))
    return placed


def handed_in_units(records: Records, campaign: Campaign) -> frozenset[str]:
    """Return codes of the units that handed one in."""
    if not has(records, "handed_in_figure"):
        return frozenset()
    query = (
        "SELECT DISTINCT unit_code FROM handed_in_figure"  # noqa: S608 - an id of ours
        f" WHERE campaign_id = {literals([campaign.id])}"
    )
    return frozenset(str(line[0]) for line in records.run(query))
