"""The rows of villages that computed fields count: households, visits, issues, proposed households, other registers."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, case, func, select

from build_scripts.rules.field_columns import PERIOD, ROW_STATE, first_day, stored_value
from build_scripts.rules.village_counts import last_day, village_count
from checklist.model import Campaign, Counted, Register
from checklist.states import State
from forms_server.db.tables import household, issue, proposed_household, register_row, visit
from forms_server.registers.register_row import of_register, to_row

Rows = dict[str, list[dict[str, Any]]]
"""By village."""


def with_counts(
    connection: Connection,
    campaign: Campaign,
    register: Register,
    rows: Iterable[Mapping[str, Any]],
    asked: Any,
) -> list[dict[str, Any]]:
    """Return rows of a register's values with the values of the fields that count.

    Args:
        connection: reads what is counted.
        campaign: of it all.
        register: whose fields count.
        rows: values by field id; one without a village counts nothing.
        asked: ``(period, today)`` of all rows.

    Raises:
        RulesFailed: time or memory ran out.
    """
    period, today = asked
    found = [dict(row) for row in rows]
    villages = {str(row["village"]) for row in found if row.get("village")}
    for field in register.fields:
        if field.counted is None:
            continue
        sources = _rows_of(connection, campaign, field.counted, villages, period)
        count = village_count(campaign, field.counted)
        made = {
            code: stored_value(field, count.count(sources.get(code, []), period, today)) for code in villages
        }
        for row in found:
            row[field.id] = made.get(str(row.get("village")))
    return found


def _rows_of(
    connection: Connection, campaign: Campaign, counted: Counted, villages: Collection[str], period: str
) -> Rows:
    if not villages:
        return {}
    query, convert = (
        (_QUERIES[counted.of](campaign, period), dict)
        if counted.of in _QUERIES
        else _of_register(campaign, campaign.register_by_id[counted.of])
    )
    village = query.selected_columns["village_code"]
    found: Rows = {}
    for row in connection.execute(query.where(village.in_(sorted(villages)))).mappings():
        found.setdefault(row["village_code"], []).append(convert(row))
    return found


def _of_register(
    campaign: Campaign, register: Register
) -> tuple[Select[Any], Callable[[RowMapping], dict[str, Any]]]:
    query = select(register_row).where(of_register(campaign, register))
    return query, lambda stored: {
        **to_row(register, stored).values,
        ROW_STATE: stored["state"],
        PERIOD: stored["period"],
    }


def _households(campaign: Campaign, _: str) -> Select[Any]:
    columns = household.c
    shown = columns.village_code, columns.household_type, columns.people, columns.listed
    return select(*shown).where(columns.campaign_id == campaign.id, columns.active)


def _visits(campaign: Campaign, period: str) -> Select[Any]:
    """One row for each household that was visited in the period, whoever was there."""
    columns = visit.c
    asked = [columns.campaign_id == campaign.id, columns.household_id.is_not(None)]
    first, last = first_day(period), last_day(period)
    if first and last:
        asked.append(columns.visited_on.between(first, last))
    return (
        select(
            columns.village_code,
            func.max(columns.visited_on).label("visited_on"),
            func.max(case((columns.state == "finished", 1), else_=0)).label("finished"),
            func.max(columns.problems).label("problems"),
        )
        .where(*asked)
        .group_by(columns.village_code, columns.household_id)
    )


def _issues(campaign: Campaign, _: str) -> Select[Any]:
    columns = issue.c
    shown = (
        columns.village_code,
        columns.state,
        columns.problem_type_id.label("problem_type"),
        columns.created_at.label("filed_on"),
        columns.deadline,
    )
    return select(*shown).where(columns.campaign_id == campaign.id, columns.state != State.WITHDRAWN.value)


def _proposed(campaign: Campaign, _: str) -> Select[Any]:
    columns = proposed_household.c
    shown = columns.village_code, columns.state, columns.created_at.label("filed_on"), columns.people
    return select(*shown).where(columns.campaign_id == campaign.id, columns.state != State.WITHDRAWN.value)


_QUERIES: Mapping[str, Callable[[Campaign, str], Select[Any]]] = {
    "households": _households,
    "visits": _visits,
    "issues": _issues,
    "proposed": _proposed,
}
"""As ``village_counts.SOURCES``."""
