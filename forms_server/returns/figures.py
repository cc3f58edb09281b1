"""A unit's annex 2, counted by the one query of the summary over that unit's records alone."""

from sqlalchemy import Connection, text

from build_scripts.summary.query import COLUMNS, QUERY, TABLES
from build_scripts.summary.rows import FIGURES, Reported, SummaryRow, together
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
    counted = {line[2]: dict(zip(COLUMNS[3:], line[3:], strict=True)) for line in answer}
    return tuple(
        _row(unit, problem_type.id, problem_type.name, counted.get(problem_type.id, {}))
        for problem_type in campaign.problem_types
    )


def _row(unit: Unit, problem_type_id: str, name: str, counted: dict[str, int]) -> SummaryRow:
    figures = {column: int(counted.get(column, 0)) for column in FIGURES}
    reported: Reported = "zero" if counted.get("zero_reported") else "no"
    if figures["found"] or figures["proposed_households"]:
        reported = "yes"
    return SummaryRow(unit.code, unit.name, problem_type_id, name, **figures, reported=reported)


def total(campaign: Campaign, rows: tuple[SummaryRow, ...]) -> SummaryRow:
    """The last line of a table with these lines."""
    figures = {column: sum(row.figure(column) for row in rows) for column in FIGURES}
    label, first = campaign.summary_table.total_label, rows[0]
    reported = together(row.reported for row in rows)
    return SummaryRow(first.unit_code, first.unit, "", label, **figures, reported=reported)
