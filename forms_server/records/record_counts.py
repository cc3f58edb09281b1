"""Record counts for pages, read from the tally in constant time.

The summary is compiled from the ledgers instead (``build_scripts/summary``); a test compares both.
"""

from collections.abc import Mapping

from sqlalchemy import ColumnElement, Connection, FromClause, false, func, or_, select, union_all

from forms_server import scope
from forms_server.db.tables import tally
from forms_server.editable_states import STATES_BY_KIND, State
from forms_server.records.ledger_conditions import wanted
from forms_server.records.ledger_filters import LEDGER_FILTERS, Filters
from forms_server.records.visible_ledger import VisibleLedger

COUNTED_TO = 999
"""Counts without a tally stop one above this limit; pages show 999+."""


def counts(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> dict[State, int]:
    """Count records of a unit and problem type by state, including zeros."""
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
    asked = filters.tallied().restricting()
    return [
        table.c.campaign_id == ledger.campaign.id,
        table.c.form_id == ledger.form.id,
        scope.visible_records(ledger.form, ledger.campaign, ledger.account, table),
        *(or_(false(), *row.ranges(ledger, table, value)) for row, value in asked),
    ]


def tab_counts(
    connection: Connection, ledger: VisibleLedger, filters: Filters | None = None
) -> Mapping[str, int]:
    """Count the records of each tab, by its name in ``Filters``, up to the limit."""
    asked = filters or Filters()
    return {
        name: count_up(connection, ledger, asked.tallied(**{name: True}))
        for name, row in LEDGER_FILTERS.items()
        if row.tab and row.tab.counted(ledger.form)
    }


def count_overdue(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> int:
    """Count overdue records up to the limit; 0 for a form without deadlines."""
    return count_up(connection, ledger, (filters or Filters()).tallied(overdue=True))


def count_due_soon(connection: Connection, ledger: VisibleLedger) -> int:
    """Count records due within ``checklist.overdue.SOON``, up to the limit."""
    return count_up(connection, ledger, Filters(due_soon=True))


def count_sent_back(connection: Connection, ledger: VisibleLedger) -> int:
    """Count records sent back to their unit, up to the limit."""
    return count_up(connection, ledger, Filters(sent_back=True))


def as_counted(count: int) -> str:
    """Format a limited count: 999+ above ``COUNTED_TO``."""
    return str(count) if count <= COUNTED_TO else f"{COUNTED_TO}+"


def count_up(connection: Connection, ledger: VisibleLedger, filters: Filters) -> int:
    """Count records by index ranges, up to the limit."""
    parts = wanted(ledger, filters)
    if not parts:
        return 0
    ranges = [select(ledger.table.c.id).where(part).limit(COUNTED_TO + 1).subquery() for part in parts]
    together = union_all(*(select(each) for each in ranges)).subquery()
    number = connection.execute(select(func.count()).select_from(together)).scalar_one()
    return min(number, COUNTED_TO + 1)
