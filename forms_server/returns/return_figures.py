"""A unit's annex 2, counted by the one query of the summary over that unit's records alone."""

from sqlalchemy import Connection, text

from build_scripts.counting.count_query import QUERY, TABLES
from build_scripts.counting.plain_summary import counted_cells, unit_lines
from build_scripts.counting.summary_lines import SummaryRow
from checklist.model import Campaign, Unit

_OF_UNIT = "(SELECT * FROM {0} WHERE campaign_id = :campaign AND unit_code = :unit) AS {0}"


def _query() -> str:
    """The query, reading one unit's records in place of all."""
    query = QUERY
    for table in TABLES:
        query = query.replace(f"FROM {table}\n", f"FROM {_OF_UNIT.format(table)}\n")
    return query


_QUERY = text(_query())


def unit_rows(connection: Connection, campaign: Campaign, unit: Unit) -> tuple[SummaryRow, ...]:
    """The lines of the unit's annex 2, in the campaign's order, without the total."""
    answer = connection.execute(_QUERY, {"campaign": campaign.id, "unit": unit.code})
    return unit_lines(unit, counted_cells(map(tuple, answer), campaign), campaign)
