"""Annex 2 of a single unit, counted by the summary's query over its records alone."""

from sqlalchemy import Connection, text

from build_scripts.counting.count_query import QUERY, TABLES
from build_scripts.counting.plain_summary import counted_cells, unit_lines
from build_scripts.counting.summary_lines import SummaryRow
from checklist.model import Campaign, Unit

_OF_UNIT = "(SELECT * FROM {0} WHERE campaign_id = :campaign AND unit_code = :unit) AS {0}"


def _query() -> str:
    """Restrict the query to one unit's records."""
    query = QUERY
    for table in TABLES:
        query = query.replace(f"FROM {table}\n", f"FROM {_OF_UNIT.format(table)}\n")
    return query


_QUERY = text(_query())


def unit_rows(connection: Connection, campaign: Campaign, unit: Unit) -> tuple[SummaryRow, ...]:
    """Return the lines of the unit's annex 2, in the campaign's order, without the total."""
    answer = connection.execute(_QUERY, {"campaign": campaign.id, "unit": unit.code})
    return unit_lines(unit, counted_cells(map(tuple, answer), campaign), campaign)
