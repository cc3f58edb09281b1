"""Record counts for pages, read from the tally in constant time.

The summary is compiled from the ledgers instead (``build_scripts/summary``); a test compares both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    and_,
    false,
    func,
    or_,
    select,
    union_all,
)

from forms_server import scope
from forms_server.db.tables import tally
from forms_server.editable_states import STATES_BY_KIND, State
from forms_server.records.ledger_conditions import wanted
from forms_server.records.ledger_filters import LEDGER_FILTERS, Filters
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.scope import Relation

COUNTED_TO = 999
"""Counts without a tally stop one above this limit; pages show 999+."""


def counts(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> dict[State, int]:
    """Count records of a unit and problem type by state, including zeros."""
    asked, found = filters or Filters(), Counter[State]()
    parts = [_by_state(ledger, asked, table, seen) for table, seen in _seen(ledger, asked.relation)]
    for name, count in connection.execute(union_all(*parts)) if parts else ():
        found[State(name)] += count
    return {name: found[name] for name in STATES_BY_KIND[ledger.form.kind]}


def _seen(
    ledger: VisibleLedger, relation: Relation | None
) -> Iterator[tuple[FromClause, ColumnElement[bool]]]:
    """Parts that the account sees: as far as the tally tells by the tally, and the rest by the records."""
    asked = ledger.form, ledger.campaign, ledger.account
    if tallied := scope.tallied_ranges(*asked, tally, relation):
        yield tally, and_(ledger.own(tally), or_(*tallied))
    # One by one: together, no index would serve them.
    for part in scope.placed_ranges(*asked, relation):
        yield ledger.table, and_(ledger.own(ledger.table), part)
    for part in ledger.named_parts(relation):
        yield ledger.table, part


def _by_state(
    ledger: VisibleLedger, filters: Filters, table: FromClause, seen: ColumnElement[bool]
) -> Select[tuple[str, int]]:
    """Counts of a part, as far as the filters follow from what the tally has."""
    number = func.sum(tally.c.records) if table is tally else func.count()
    asked = filters.tallied().restricting()
    conditions = (or_(false(), *row.ranges(ledger, table, value)) for row, value in asked)
    return select(table.c.state, number).where(seen, *conditions).group_by(table.c.state)


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
    """Count overdue records up to the limit, by default the unit's tasks; 0 for a form without deadlines."""
    asked = filters or Filters(relation=ledger.worked_off)
    return count_up(connection, ledger, asked.tallied(overdue=True))


def count_due_soon(connection: Connection, ledger: VisibleLedger) -> int:
    """Count the unit's tasks due within ``checklist.overdue.SOON``, up to the limit."""
    return count_up(connection, ledger, Filters(relation=ledger.worked_off, due_soon=True))


def count_sent_back(connection: Connection, ledger: VisibleLedger) -> int:
    """Count records sent back to their unit, up to the limit."""
    return count_up(connection, ledger, Filters(sent_back=True))


def count_extensions_asked(connection: Connection, ledger: VisibleLedger) -> int:
    """Count open requests for an extension that the account may grant, up to the limit; the office's are all."""
    own = None if scope.sees_all(ledger.account) else Relation.OWN
    return count_up(connection, ledger, Filters(relation=own, extension_asked=True))


def as_counted(count: int) -> str:
    """Format a limited count: 999+ above ``COUNTED_TO``."""
    return str(count) if count <= COUNTED_TO else f"{COUNTED_TO}+"


def count_up(connection: Connection, ledger: VisibleLedger, filters: Filters) -> int:
    """Count records by index ranges, up to the limit."""
    parts = wanted(ledger, filters, few_named=True)
    if not parts:
        return 0
    ranges = [select(ledger.table.c.id).where(part).limit(COUNTED_TO + 1).subquery() for part in parts]
    together = union_all(*(select(each) for each in ranges)).subquery()
    number = connection.execute(select(func.count()).select_from(together)).scalar_one()
    return min(number, COUNTED_TO + 1)
