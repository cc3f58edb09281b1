"""Annex 2 of one county or unit without pandas, which is slow to import."""

from collections.abc import Iterable, Mapping

from build_scripts.counting.annex_shape import Named, combined, problem_types, rank_of, row_of, table_of
from build_scripts.counting.count_query import COLUMNS, KEYS, Line
from build_scripts.counting.count_query import FIGURES as COUNTED
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.summary_lines import FIGURES, SummaryRow
from checklist.model import Campaign, Unit

Counted = Mapping[str, int]
"""The result row of one unit and problem type, by column."""

_NOTHING: Counted = dict.fromkeys(COUNTED, 0)


def counted_cells(lines: Iterable[Line], campaign: Campaign) -> dict[tuple[str, str], Counted]:
    """Index the query's result by unit and problem type, for this campaign only."""
    answers = (dict(zip(COLUMNS, line, strict=True)) for line in lines)
    return {
        (str(each["unit_code"]), str(each["problem_type_id"])): {
            column: int(figure) for column, figure in each.items() if column not in KEYS
        }
        for each in answers
        if each["campaign_id"] == campaign.id
    }


def unit_lines(
    unit: Unit, cells: Mapping[tuple[str, str], Counted], campaign: Campaign
) -> tuple[SummaryRow, ...]:
    """Return the lines of a unit's annex 2, in the campaign's order, without the total."""
    whose = unit.code, unit.name
    return tuple(
        _row(whose, kind, cells.get((unit.code, kind[0]), _NOTHING)) for kind in problem_types(campaign)
    )


def _row(unit: Named, problem_type: Named, counted: Counted) -> SummaryRow:
    return row_of(unit, problem_type, (counted[column] for column in FIGURES), rank_of(counted))


def summary_of_lines(lines: Iterable[Line], campaign: Campaign) -> Summary:
    """Build every unit's table and the county's, from a live database."""
    cells = counted_cells(lines, campaign)
    tables = tuple(
        table_of((unit.code, unit.name), unit_lines(unit, cells, campaign), campaign)
        for unit in campaign.filing_units
    )
    county = ("", campaign.notice.county)
    of_county = [
        combined([table.lines[position] for table in tables], county, kind)
        for position, kind in enumerate(problem_types(campaign))
    ]
    return Summary(tables, table_of(county, of_county, campaign))
