"""A form's ledger, page by page, and how many records stand in which state."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, DateTime, Table, and_, func, literal, select, tuple_

from checklist.model import Campaign, RecordForm
from forms_server.accounts.account import Account
from forms_server.lifecycle import STATES_BY_KIND, State
from forms_server.records.mapping import TABLES, Row
from forms_server.records.record import Record, to_record
from forms_server.records.scope import condition

PAGE_SIZE = 50


@dataclass(frozen=True)
class Ledger:
    """One form's records as one account may see them on one day."""

    campaign: Campaign
    account: Account
    form: RecordForm
    today: date

    @property
    def table(self) -> Table:
        """The table that the records lie in."""
        return TABLES[self.form.kind]

    def scope(self) -> ColumnElement[bool]:
        """The condition that every query on the ledger carries."""
        own = self.table.c.campaign_id == self.campaign.id, self.table.c.form_id == self.form.id
        return and_(*own, condition(self.table, self.account))

    def is_overdue(self) -> ColumnElement[bool]:
        """The condition for records that are overdue: the same as ``Record.overdue``."""
        return and_(self.table.c.state == State.RECTIFYING.value, self.table.c.deadline < self.today)


@dataclass(frozen=True)
class Filters:
    """What a person asks to see; None asks for all. Withdrawn records are shown only where they are asked for."""

    unit_code: str | None = None
    village_code: str | None = None
    problem_type_id: str | None = None
    state: State | None = None
    overdue: bool = False


@dataclass(frozen=True)
class Position:
    """A place in the ledger's order, newest first: between two records, for ever."""

    created_at: datetime
    id: str
    newer: bool = False
    """Whether the page lies before this place (newer records) rather than after it."""


@dataclass(frozen=True)
class Page:
    """A page of a ledger, newest first, with the places where the pages beside it begin."""

    records: Sequence[Record]
    older: Position | None
    newer: Position | None


def page(connection: Connection, ledger: Ledger, filters: Filters, position: Position | None = None) -> Page:
    """One page of at most ``PAGE_SIZE`` records; the time it takes does not grow with the pages before it."""
    order = ledger.table.c.created_at, ledger.table.c.id
    upward = position is not None and position.newer
    query = select(ledger.table).where(ledger.scope(), _wanted(ledger, filters)).limit(PAGE_SIZE + 1)
    if position:
        here = tuple_(literal(position.created_at, DateTime), literal(position.id))
        query = query.where(tuple_(*order) > here if upward else tuple_(*order) < here)
    query = query.order_by(*(column.asc() if upward else column.desc() for column in order))
    rows = connection.execute(query).mappings().all()
    shown = rows[:PAGE_SIZE][::-1] if upward else rows[:PAGE_SIZE]
    more = len(rows) > PAGE_SIZE
    has_newer, has_older = (more, True) if upward else (position is not None, more)
    return Page(
        records=[to_record(ledger.form, row) for row in shown],
        older=_beside(shown[-1], newer=False) if shown and has_older else None,
        newer=_beside(shown[0], newer=True) if shown and has_newer else None,
    )


def counts(connection: Connection, ledger: Ledger, unit_code: str | None = None) -> dict[State, int]:
    """How many records stand in each state that the form's kind knows, 0 included."""
    state = ledger.table.c.state
    query = select(state, func.count()).where(ledger.scope(), _of_unit(ledger, unit_code)).group_by(state)
    found = {State(name): count for name, count in connection.execute(query)}
    return {name: found.get(name, 0) for name in STATES_BY_KIND[ledger.form.kind]}


def count_overdue(connection: Connection, ledger: Ledger, unit_code: str | None = None) -> int:
    """How many records are overdue; 0 for a form whose records have no deadline."""
    if "deadline" not in ledger.table.c:
        return 0
    query = select(func.count()).where(ledger.scope(), _of_unit(ledger, unit_code), ledger.is_overdue())
    return connection.execute(query).scalar_one()


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """The record's number in its unit's ledger as it would be printed now: from 1, oldest first, none withdrawn."""
    table = TABLES[record.form.kind]
    query = select(func.count()).where(
        table.c.campaign_id == campaign.id,
        table.c.unit_code == record.unit_code,
        table.c.form_id == record.form.id,
        table.c.state != State.WITHDRAWN.value,
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(literal(record.created_at, DateTime), literal(record.id)),
    )
    return connection.execute(query).scalar_one()


def _beside(row: Row, *, newer: bool) -> Position:
    return Position(row["created_at"], row["id"], newer)


def _of_unit(ledger: Ledger, unit_code: str | None) -> ColumnElement[bool]:
    return and_(True, *([ledger.table.c.unit_code == unit_code] if unit_code else []))


def _wanted(ledger: Ledger, filters: Filters) -> ColumnElement[bool]:
    table = ledger.table
    equal = {
        "unit_code": filters.unit_code,
        "village_code": filters.village_code,
        "problem_type_id": filters.problem_type_id,
        "state": filters.state and filters.state.value,
    }
    conditions = [table.c[name] == value for name, value in equal.items() if value]
    if not filters.state:
        conditions.append(table.c.state != State.WITHDRAWN.value)
    if filters.overdue and "deadline" in table.c:
        conditions.append(ledger.is_overdue())
    return and_(*conditions)
