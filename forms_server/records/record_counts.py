"""Record counts for pages, read from the tally in constant time.

The summary is compiled from the ledgers instead (``build_scripts/summary``); a test compares both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping

from sqlalchemy import ColumnElement, Connection, FromClause, and_, false, func, or_, select, union_all

from forms_server import scope
from forms_server.blind_looks import in_sight, out_of_sight
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
    for table, seen in _seen(ledger, asked.relation):
        number = func.sum(tally.c.records) if table is tally else func.count()
        query = select(table.c.state, number).where(*_counted(ledger, asked, table), seen)
        for name, count in connection.execute(query.group_by(table.c.state)):
            found[State(name)] += count
    found.subtract(_out_of_sight(connection, ledger, asked))
    return {name: found[name] for name in STATES_BY_KIND[ledger.form.kind]}


def _seen(
    ledger: VisibleLedger, relation: Relation | None
) -> Iterator[tuple[FromClause, ColumnElement[bool]]]:
    """Parts that the account sees: as far as the tally tells by the tally, and the rest by the records."""
    asked = ledger.form, ledger.campaign, ledger.account
    if tallied := scope.tallied_ranges(*asked, tally, relation):
        yield tally, or_(*tallied)
    # One by one: together, no index would serve them.
    sight = in_sight(ledger.table, ledger.account)
    yield from ((ledger.table, and_(part, sight)) for part in scope.recorded_ranges(*asked, relation))


def count_out_of_sight(connection: Connection, ledger: VisibleLedger) -> int:
    """Count the records of households at which an inspector has still to look blind; they are in no other count."""
    return sum(_out_of_sight(connection, ledger, Filters()).values())


def _out_of_sight(connection: Connection, ledger: VisibleLedger, asked: Filters) -> dict[State, int]:
    hidden, table = out_of_sight(ledger.table, ledger.account), ledger.table
    if hidden is None:
        return {}
    seen = scope.tallied_ranges(ledger.form, ledger.campaign, ledger.account, table, asked.relation)
    query = select(table.c.state, func.count()).where(
        *_counted(ledger, asked, table), or_(false(), *seen), hidden
    )
    return {State(name): count for name, count in connection.execute(query.group_by(table.c.state))}


def _counted(ledger: VisibleLedger, filters: Filters, table: FromClause) -> list[ColumnElement[bool]]:
    asked = filters.tallied().restricting()
    return [
        table.c.campaign_id == ledger.campaign.id,
        table.c.form_id == ledger.form.id,
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
    parts = wanted(ledger, filters)
    if not parts:
        return 0
    ranges = [select(ledger.table.c.id).where(part).limit(COUNTED_TO + 1).subquery() for part in parts]
    together = union_all(*(select(each) for each in ranges)).subquery()
    number = connection.execute(select(func.count()).select_from(together)).scalar_one()
    return min(number, COUNTED_TO + 1)
