"""Annex 2 of one county or unit without pandas: the server stays light, and a summary starts at once."""

from collections.abc import Iterable, Mapping, Sequence

from build_scripts.counting.count_query import COLUMNS, Line
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.summary_lines import FIGURES, AnnexTable, Reported, SummaryRow, together
from checklist.model import Campaign, Unit

Counted = Mapping[str, int]
"""What the query answered for one unit and problem type, by column."""


def counted_cells(lines: Iterable[Line], campaign: Campaign) -> dict[tuple[str, str], Counted]:
    """The query's answer by unit and problem type, for this campaign alone."""
    answers = (dict(zip(COLUMNS, line, strict=True)) for line in lines)
    return {
        (str(each["unit_code"]), str(each["problem_type_id"])): {
            column: int(figure) for column, figure in each.items() if column in COLUMNS[3:]
        }
        for each in answers
        if each["campaign_id"] == campaign.id
    }


def unit_lines(
    unit: Unit, cells: Mapping[tuple[str, str], Counted], campaign: Campaign
) -> tuple[SummaryRow, ...]:
    """The lines of a unit's annex 2, in the campaign's order, without the total."""
    return tuple(
        _row(unit, each.id, each.name, cells.get((unit.code, each.id), {})) for each in campaign.problem_types
    )


def _row(unit: Unit, problem_type_id: str, name: str, counted: Counted) -> SummaryRow:
    figures = {column: counted.get(column, 0) for column in FIGURES}
    # Whoever ticked 经排查无问题 and then filed something has found something.
    found = figures["found"] or figures["proposed_households"]
    reported: Reported = "yes" if found else "zero" if counted.get("zero_reported") else "no"
    return SummaryRow(unit.code, unit.name, problem_type_id, name, **figures, reported=reported)


def added(rows: Sequence[SummaryRow], unit: tuple[str, str], problem_type: tuple[str, str]) -> SummaryRow:
    """Rows as one, under a unit's and a problem type's code and name."""
    figures = {column: sum(row.figure(column) for row in rows) for column in FIGURES}
    reported = together(row.reported for row in rows)
    return SummaryRow(unit[0], unit[1], problem_type[0], problem_type[1], **figures, reported=reported)


def summary_of_lines(lines: Iterable[Line], campaign: Campaign) -> Summary:
    """Every unit's table and the county's, of a live database."""
    cells = counted_cells(lines, campaign)
    tables = tuple(
        _table(unit.code, unit.name, unit_lines(unit, cells, campaign), campaign)
        for unit in campaign.filing_units
    )
    county = ("", campaign.notice.county)
    of_county = tuple(
        added([table.lines[position] for table in tables], county, (each.id, each.name))
        for position, each in enumerate(campaign.problem_types)
    )
    return Summary(tables, _table(*county, of_county, campaign))


def _table(code: str, name: str, lines: tuple[SummaryRow, ...], campaign: Campaign) -> AnnexTable:
    return AnnexTable(code, name, lines, added(lines, (code, name), ("", campaign.summary_table.total_label)))
