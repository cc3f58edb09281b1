"""What the rows of registers say of the same person, whichever village they lie in: counted on every look."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from build_scripts.rules.field_columns import PERIOD, ROW_STATE
from build_scripts.rules.village_counts import village_count
from checklist.model import Campaign, PersonCount, Register
from forms_server.db.tables import register_row
from forms_server.registers.register_row import RegisterRow, of_register, to_row

_AT_ONCE = 500


def person_counts(
    connection: Connection,
    campaign: Campaign,
    register: Register,
    rows: Sequence[RegisterRow],
    asked: tuple[str, date],
) -> list[dict[str, Any]]:
    """Return for each row the counts of its person's rows; none for rows whose person is not known.

    Args:
        connection: reads what is counted.
        campaign: of it all.
        register: of the rows.
        rows: of one period.
        asked: ``(period, today)``.

    Raises:
        RulesFailed: time or memory ran out.
    """
    found: list[dict[str, Any]] = [{} for _ in rows]
    persons = sorted({row.person_id for row in rows if row.person_id})
    for count in register.same_person if persons else ():
        by_person = _counted(connection, campaign, count, persons, asked)
        for row, values in zip(rows, found, strict=True):
            if row.person_id:
                values[count.id] = by_person.get(row.person_id, 0)
    return found


def _counted(
    connection: Connection,
    campaign: Campaign,
    count: PersonCount,
    persons: Sequence[str],
    asked: tuple[str, date],
) -> dict[str, Any]:
    other, counted = campaign.register_by_id[count.of], village_count(campaign, count)
    of, rows = list[str](), list[dict[str, Any]]()
    for start in range(0, len(persons), _AT_ONCE):
        row = register_row.c
        query = select(register_row).where(
            of_register(campaign, other),
            row.person_id.in_(persons[start : start + _AT_ONCE]),
        )
        for stored in connection.execute(query).mappings():
            of.append(stored["person_id"])
            rows.append(
                {**to_row(other, stored).values, ROW_STATE: stored["state"], PERIOD: stored["period"]}
            )
    kept: dict[str, list[Any]] = {}
    for index, row_kept in counted.kept(rows, *asked):
        kept.setdefault(of[index], []).append((index, row_kept))
    return {person: counted.added(some) for person, some in kept.items()}
