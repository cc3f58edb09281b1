"""Record counts for pages, read from the tally in constant time.

The summary is compiled from the ledgers instead (``build_scripts/summary``); a test compares both.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Connection,
    FromClause,
    ScalarSelect,
    Select,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from forms_server import scope
from forms_server.blind_looks import any_waits, in_sight, out_of_sight
from forms_server.db.driver_statements import read_kept
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
    for name, count in ledger.read(connection, _state_counts, asked):
        found[State(name)] += count
    found.subtract(_out_of_sight(connection, ledger, asked))
    return {name: found[name] for name in STATES_BY_KIND[ledger.form.kind]}


def _state_counts(ledger: VisibleLedger, asked: Filters) -> CompoundSelect[str, int] | None:
    """Counts by state, in parts."""
    parts = [_by_state(ledger, asked, table, seen) for table, seen in _seen(ledger, asked.relation)]
    return union_all(*parts) if parts else None


def _seen(
    ledger: VisibleLedger, relation: Relation | None
) -> Iterator[tuple[FromClause, ColumnElement[bool]]]:
    """Parts that the account sees: as far as the tally tells by the tally, and the rest by the records."""
    asked = ledger.form, ledger.campaign, ledger.account
    if tallied := scope.tallied_ranges(*asked, tally, relation):
        yield tally, and_(ledger.own(tally), or_(*tallied))
    # One by one: together, no index would serve them.
    # An inspector's may be out of sight; only units' people, who see theirs, have named parts.
    sight = in_sight(ledger.table, ledger.account)
    for part in scope.placed_ranges(*asked, relation):
        yield ledger.table, and_(ledger.own(ledger.table), part, sight)
    for part in ledger.named_parts(relation):
        yield ledger.table, part


def count_out_of_sight(connection: Connection, ledger: VisibleLedger) -> int:
    """Count the records of households at which an inspector has still to look blind; they are in no other count."""
    return sum(_out_of_sight(connection, ledger, Filters()).values())


def _out_of_sight(connection: Connection, ledger: VisibleLedger, asked: Filters) -> dict[State, int]:
    if not ledger.account.reads_assigned_units or not any_waits(connection):
        return {}
    return {State(name): count for name, count in ledger.read(connection, _hidden_counts, asked)}


def _hidden_counts(ledger: VisibleLedger, asked: Filters) -> Select[str, int]:
    hidden, table = out_of_sight(ledger.table, ledger.account), ledger.table
    assert hidden is not None
    tallied = scope.tallied_ranges(ledger.form, ledger.campaign, ledger.account, table, asked.relation)
    seen = and_(ledger.own(table), or_(false(), *tallied), hidden)
    return _by_state(ledger, asked, table, seen)


def _by_state(
    ledger: VisibleLedger, filters: Filters, table: FromClause, seen: ColumnElement[bool]
) -> Select[str, int]:
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
    names = [name for name, row in LEDGER_FILTERS.items() if row.tab and row.tab.counted(ledger.form)]
    found = count_each(connection, [(ledger, asked.tallied(**{name: True})) for name in names])
    return dict(zip(names, found, strict=True))


def overdue_tasks(ledger: VisibleLedger) -> Filters:
    """Filters of the unit's tasks that are overdue."""
    return Filters(relation=ledger.worked_off, overdue=True)


def extensions_to_grant(ledger: VisibleLedger) -> Filters:
    """Filters of open requests for an extension that the account may grant; the office's are all."""
    return Filters(relation=None if scope.sees_all(ledger.account) else Relation.OWN, extension_asked=True)


def count_overdue(connection: Connection, ledger: VisibleLedger, filters: Filters | None = None) -> int:
    """Count overdue records up to the limit, by default the unit's tasks; 0 for a form without deadlines."""
    asked = filters.tallied(overdue=True) if filters else overdue_tasks(ledger)
    return count_up(connection, ledger, asked)


def as_counted(count: int) -> str:
    """Format a limited count: 999+ above ``COUNTED_TO``."""
    return str(count) if count <= COUNTED_TO else f"{COUNTED_TO}+"


def count_up(connection: Connection, ledger: VisibleLedger, filters: Filters) -> int:
    """Count records by index ranges, up to the limit."""
    return count_each(connection, [(ledger, filters)])[0]


def count_each(connection: Connection, asked: Sequence[tuple[VisibleLedger, Filters]]) -> Sequence[int]:
    """Count the records of each ledger that its filters want, up to the limit, in one statement."""
    if not asked:
        return []
    origins = [ledger.made_from for ledger, _ in asked]
    models = tuple(chain.from_iterable(models for models, _ in origins))
    others = tuple((seen, filters) for (_, seen), (_, filters) in zip(origins, asked, strict=True))
    [numbers] = read_kept(connection, lambda: _numbers(asked), models, _numbers, *others)
    return [min(number, COUNTED_TO + 1) for number in numbers]


def _numbers(asked: Sequence[tuple[VisibleLedger, Filters]]) -> Select[*tuple[Any, ...]]:
    return select(*(
        _number(ledger, wanted(ledger, filters, few_named=True)).label(f"number_{at}")
        for at, (ledger, filters) in enumerate(asked)
    ))  # fmt: skip


def _number(ledger: VisibleLedger, parts: Sequence[ColumnElement[bool]]) -> ScalarSelect[int]:
    if not parts:
        return select(literal(0)).scalar_subquery()
    ranges = [select(ledger.table.c.id).where(part).limit(COUNTED_TO + 1).subquery() for part in parts]
    together = union_all(*(select(each) for each in ranges)).subquery()
    return select(func.count()).select_from(together).scalar_subquery()
