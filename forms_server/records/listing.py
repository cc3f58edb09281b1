"""A form's ledger: what a person asks to see of it, page by page."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import cache

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Select,
    String,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    tuple_,
)

from checklist.model import Campaign, RecordForm
from forms_server.accounts.account import Account
from forms_server.lifecycle import STATES_BY_KIND, State
from forms_server.records import paging, scope
from forms_server.records.mapping import TABLES
from forms_server.records.paging import Position
from forms_server.records.record import Record, to_record

SOON = timedelta(days=3)
"""How long before its deadline an issue is called to mind."""


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

    @property
    def has_deadlines(self) -> bool:
        """Whether its records can be overdue, and be put in the order of their deadlines."""
        return "due" in self.table.c or self.form.clock is not None

    def parts(self) -> list[ColumnElement[bool]]:
        """What the account may see, in parts for ``paging``."""
        own = and_(self.table.c.campaign_id == self.campaign.id, self.table.c.form_id == self.form.id)
        return [and_(own, part) for part in scope.parts(self.form, self.campaign, self.account)]


class Sorting(StrEnum):
    """The orders of a ledger."""

    NEWEST = "newest"
    DUE = "due"
    """The oldest deadline first."""


@dataclass(frozen=True)
class Filters:
    """What a person asks to see; what is empty asks for all. Withdrawn records are shown only if asked for."""

    unit_code: str | None = None
    village_code: str | None = None
    area_id: str | None = None
    problem_type_id: str | None = None
    state: State | None = None
    done: bool = False
    """Rectified or closed: what annex 2 counts as 已整改."""
    overdue: bool = False
    due_soon: bool = False
    """Due today or within ``SOON``."""
    due_on: date | None = None
    sent_back: bool = False
    filed_on: date | None = None
    rectified_on: date | None = None
    waiting: bool = False
    """What waits for the date of the form's clock."""
    source: str = ""
    householder: str = ""
    """The whole name."""
    responsible_unit: str = ""
    """Part of its name."""
    words: str = ""
    """Part of the householder's name or of the content."""

    @property
    def narrow(self) -> bool:
        """Whether they ask for more than what is counted: a unit, an area or problem type, a state."""
        counted = {
            "unit_code",
            "area_id",
            "problem_type_id",
            "state",
            "done",
            "overdue",
            "due_soon",
            "sent_back",
            "waiting",
        }
        return any(getattr(self, field.name) for field in fields(self) if field.name not in counted)


@dataclass(frozen=True)
class Page:
    """A page of a ledger, as ``paging.Rows``."""

    records: Sequence[Record]
    next: Position | None
    previous: Position | None
    unfinished: bool = False


def page(
    connection: Connection,
    ledger: Ledger,
    filters: Filters,
    position: Position | None = None,
    sorting: Sorting = Sorting.NEWEST,
) -> Page:
    """One page of a ledger; the time it takes does not grow with the pages before it."""
    found = paging.read(
        connection,
        ledger.table,
        wanted(ledger, filters),
        order_of(ledger, sorting),
        position,
        _sought(ledger, filters),
    )
    records = [to_record(ledger.form, row) for row in found.rows]
    return Page(records, found.next, found.previous, found.unfinished)


def order_of(ledger: Ledger, sorting: Sorting) -> paging.Order:
    """The columns of an order; the newest first where a ledger has no deadlines."""
    if sorting is Sorting.DUE and ledger.has_deadlines:
        waited = ledger.form.clock
        name = waited.within.since if waited and waited.within else "due"
        return paging.Order(ledger.table.c[name])
    return paging.Order(ledger.table.c.created_at, descending=True)


def wanted(ledger: Ledger, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that indexes know, in parts: for each part of what the account may see, each state."""
    common = and_(True, *_equal(ledger, filters))
    types = _types(ledger, filters)
    return [
        and_(part, type_, ledger.table.c.state == state.value, common)
        for part in ledger.parts()
        for state in states_asked(ledger, filters)
        for type_ in types
    ]


def _types(ledger: Ledger, filters: Filters) -> list[ColumnElement[bool]]:
    """A condition for each problem type of the area that is asked for; one that says nothing where none is."""
    if not filters.area_id or filters.problem_type_id:
        return [true()]
    area = next(area for area in ledger.campaign.areas if area.id == filters.area_id)
    return [ledger.table.c.problem_type_id == each.id for each in area.problem_types]


def states_asked(ledger: Ledger, filters: Filters) -> list[State]:
    """The states of the records that are asked for."""
    if filters.state:
        return [filters.state]
    kind = ledger.form.kind
    if filters.done:
        return [State.RECTIFIED, State.CLOSED] if kind == "issue" else []
    if filters.sent_back:
        return [State.RECTIFYING] if kind == "issue" else []
    if filters.overdue or filters.due_soon or filters.due_on or filters.waiting:
        return [STATES_BY_KIND[kind][0]] if ledger.has_deadlines else []
    return [state for state in STATES_BY_KIND[ledger.form.kind] if state is not State.WITHDRAWN]


def _equal(ledger: Ledger, filters: Filters) -> list[ColumnElement[bool]]:
    table = ledger.table
    equal = {
        "unit_code": filters.unit_code,
        "village_code": filters.village_code,
        "problem_type_id": filters.problem_type_id,
        "householder": filters.householder,
    }
    conditions: list[ColumnElement[bool]] = [table.c[name] == value for name, value in equal.items() if value]
    conditions += _due(ledger, filters)
    if filters.sent_back:
        conditions.append(table.c.state_reason.is_not(None))
    if filters.filed_on:
        first, last = (datetime.combine(filters.filed_on, moment) for moment in (time.min, time.max))
        conditions.append(table.c.created_at.between(first, last))
    return conditions


def _due(ledger: Ledger, filters: Filters) -> list[ColumnElement[bool]]:
    """What waits to be rectified or entered: too long already, or by when it is to be done."""
    if not ledger.has_deadlines or not (
        filters.overdue or filters.due_soon or filters.due_on or filters.waiting
    ):
        return []
    day, left, conditions = waiting_for(ledger)
    today = ledger.today - left
    if filters.overdue:
        conditions.append(day < today)
    if filters.due_soon:
        conditions.append(day.between(today, today + SOON))
    if filters.due_on:
        conditions.append(day == filters.due_on - left)
    return conditions


def waiting_for(ledger: Ledger) -> tuple[Column[date], timedelta, list[ColumnElement[bool]]]:
    """What deadlines are counted from: a column, the time that there is then, and whether a record still waits."""
    columns, waited = ledger.table.c, ledger.form.clock
    if waited is None or waited.within is None:
        return columns.due, timedelta(), []
    within = waited.within
    return columns[within.since], timedelta(days=within.days), [columns[waited.id].is_(None)]


def _sought(ledger: Ledger, filters: Filters) -> ColumnElement[bool] | None:
    """The conditions that no index knows; None where nothing of the kind is asked for."""
    columns = ledger.table.c
    conditions = []
    if filters.rectified_on and "rectified_on" in columns:
        conditions.append(columns.rectified_on == filters.rectified_on)
    if filters.source and "source" in columns:
        conditions.append(columns.source == filters.source)
    if filters.responsible_unit and "responsible_unit" in columns:
        conditions.append(columns.responsible_unit.icontains(filters.responsible_unit, autoescape=True))
    if filters.words:
        texts = [columns[name] for name in ("householder", "content", "reason") if name in columns]
        conditions.append(or_(*(text.icontains(filters.words, autoescape=True) for text in texts)))
    return and_(*conditions) if conditions else None


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """The record's number in its unit's ledger as it would be printed now: from 1, oldest first, none withdrawn."""
    asked = {"campaign": campaign.id, "unit": record.unit_code, "form": record.form.id}
    place = {"made": record.created_at, "record": record.id}
    return connection.execute(_serial(record.form.kind), asked | place).scalar_one()


@cache
def _serial(kind: str) -> Select[int]:
    """Put together once: every record that is filed or shown asks it."""
    table = TABLES[kind]
    counted = [state.value for state in STATES_BY_KIND[kind] if state is not State.WITHDRAWN]
    return select(func.count()).where(
        table.c.campaign_id == bindparam("campaign"),
        table.c.unit_code == bindparam("unit"),
        table.c.form_id == bindparam("form"),
        table.c.state.in_(counted),
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(bindparam("made", type_=DateTime), bindparam("record", type_=String)),
    )
