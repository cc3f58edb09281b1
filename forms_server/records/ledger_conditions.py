"""What is asked of a ledger, as conditions on its table: those that indexes know in parts, and what none knows."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import Column, ColumnElement, and_, or_, true

from forms_server.lifecycle import STATES_BY_KIND, State
from forms_server.records.ledger_filters import SOON, Filters, VisibleLedger


def wanted(ledger: VisibleLedger, filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions that indexes know, in parts: for each part of what the account may see, each state."""
    common = and_(True, *_equal(ledger, filters))
    types = _types(ledger, filters)
    return [
        and_(part, type_, ledger.table.c.state == state.value, common)
        for part in ledger.parts()
        for state in states_asked(ledger, filters)
        for type_ in types
    ]


def _types(ledger: VisibleLedger, filters: Filters) -> list[ColumnElement[bool]]:
    """A condition for each problem type of the area that is asked for; one that says nothing where none is."""
    if not filters.area_id or filters.problem_type_id:
        return [true()]
    area = next(area for area in ledger.campaign.areas if area.id == filters.area_id)
    return [ledger.table.c.problem_type_id == each.id for each in area.problem_types]


def states_asked(ledger: VisibleLedger, filters: Filters) -> list[State]:
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


def _equal(ledger: VisibleLedger, filters: Filters) -> list[ColumnElement[bool]]:
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


def _due(ledger: VisibleLedger, filters: Filters) -> list[ColumnElement[bool]]:
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


def waiting_for(ledger: VisibleLedger) -> tuple[Column[date], timedelta, list[ColumnElement[bool]]]:
    """What deadlines are counted from: a column, the time that there is then, and whether a record still waits."""
    columns, waited = ledger.table.c, ledger.form.clock
    if waited is None or waited.within is None:
        return columns.due, timedelta(), []
    within = waited.within
    return columns[within.since], timedelta(days=within.days), [columns[waited.id].is_(None)]


def sought(ledger: VisibleLedger, filters: Filters) -> ColumnElement[bool] | None:
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
