"""How many records stand where, for the pages: read from the tally, so that it does not grow with the ledgers.

The summary table is not compiled from this but from the ledgers themselves (``build_scripts/summary``); a test holds
both to the same figures.
"""

from sqlalchemy import ColumnElement, Connection, FromClause, func, select, union_all

from forms_server import scope
from forms_server.db.tables import tally
from forms_server.lifecycle import STATES_BY_KIND, State
from forms_server.records.ledger_conditions import wanted
from forms_server.records.ledger_filters import Filters, VisibleLedger

COUNTED_TO = 999
"""What no tally knows is counted up to here and one more: pages show it as 999+."""


def counts(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> dict[State, int]:
    """How many records of a unit and a problem type stand in each state that the form's kind knows, 0 included."""
    by_village = ledger.account.village_code is not None
    table: FromClause = ledger.table if by_village else tally
    number = func.count() if by_village else func.sum(tally.c.records)
    query = (
        select(table.c.state, number)
        .where(*_counted(ledger, filters or Filters(), table))
        .group_by(table.c.state)
    )
    found = {State(name): count for name, count in connection.execute(query)}
    return {name: found.get(name, 0) for name in STATES_BY_KIND[ledger.form.kind]}


def _counted(ledger: VisibleLedger, filters: Filters, table: FromClause) -> list[ColumnElement[bool]]:
    conditions = [
        table.c.campaign_id == ledger.campaign.id,
        table.c.form_id == ledger.form.id,
        scope.visible_records(ledger.form, ledger.campaign, ledger.account, table),
    ]
    if filters.unit_code:
        conditions.append(table.c.unit_code == filters.unit_code)
    if filters.problem_type_id:
        conditions.append(table.c.problem_type_id == filters.problem_type_id)
    elif filters.area_id:
        types = (
            each
            for area in ledger.campaign.areas
            if area.id == filters.area_id
            for each in area.problem_types
        )
        conditions.append(table.c.problem_type_id.in_([each.id for each in types]))
    return conditions


def count_overdue(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> int:
    """How many records are overdue, up to ``COUNTED_TO`` and one more; 0 for a form without deadlines."""
    asked = filters or Filters()
    counted = Filters(
        asked.unit_code, area_id=asked.area_id, problem_type_id=asked.problem_type_id, overdue=True
    )
    return _count_up(connection, ledger, counted)


def as_counted(count: int) -> str:
    """A number that was counted up to ``COUNTED_TO`` and one more, in words."""
    return str(count) if count <= COUNTED_TO else f"{COUNTED_TO}+"


def count_due_soon(connection: Connection, ledger: VisibleLedger) -> int:
    """How many issues are due within ``listing.SOON``, counted as far."""
    return _count_up(connection, ledger, Filters(due_soon=True))


def count_waiting(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> int:
    """How many records wait for the date of the form's clock, counted as far; 0 for a form without one."""
    if ledger.form.clock is None:
        return 0
    asked = filters or Filters()
    narrowed = Filters(
        asked.unit_code, area_id=asked.area_id, problem_type_id=asked.problem_type_id, waiting=True
    )
    return _count_up(connection, ledger, narrowed)


def count_sent_back(connection: Connection, ledger: VisibleLedger) -> int:
    """How many records were sent back and wait for their unit, counted as far."""
    return _count_up(connection, ledger, Filters(sent_back=True))


def _count_up(connection: Connection, ledger: VisibleLedger, filters: Filters) -> int:
    parts = wanted(ledger, filters)
    if not parts:
        return 0
    ranges = [select(ledger.table.c.id).where(part).limit(COUNTED_TO + 1).subquery() for part in parts]
    together = union_all(*(select(each) for each in ranges)).subquery()
    number = connection.execute(select(func.count()).select_from(together)).scalar_one()
    return min(number, COUNTED_TO + 1)
