"""SQL conditions of a ledger's filters: index ranges, states, or conditions without an index."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, FromClause, false, literal_column, or_, select, true

from checklist.overdue import SOON
from checklist.states import State, first_state, states_counted_as
from forms_server.db.tables import transfer
from forms_server.records import overdue_conditions
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.scope import sees_all

Alternatives = Sequence[ColumnElement[bool]]
"""Disjoint conditions, each one range of an index."""

Ranges = Callable[[VisibleLedger, FromClause, Any], Alternatives]
States = Callable[[VisibleLedger, Any], Sequence[State]]
Condition = Callable[[VisibleLedger, Any], ColumnElement[bool] | None]


def unrestricted(_ledger: VisibleLedger, _table: FromClause, _value: Any) -> Alternatives:
    """All of them."""
    return [true()]


def equal(column: str) -> Ranges:
    """Records with that value in a column."""
    return lambda _ledger, table, value: [table.c[column] == value]


def of_area(ledger: VisibleLedger, table: FromClause, area_id: str) -> Alternatives:
    """Records of an area: an index range for each of its problem types."""
    area = next(area for area in ledger.campaign.areas if area.id == area_id)
    return [table.c.problem_type_id == each.id for each in area.problem_types]


def filed_on(_ledger: VisibleLedger, table: FromClause, day: date) -> Alternatives:
    """Records filed on a day."""
    first, last = (datetime.combine(day, moment) for moment in (time.min, time.max))
    return [table.c.created_at.between(first, last)]


def sent_back(_ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Records sent back with a reason."""
    return [table.c.state_reason.is_not(None)]


def extended(ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Issues whose deadline was extended; none of other ledgers."""
    return [table.c.extensions > literal_column("0")] if ledger.form.kind == "issue" else [false()]


def extension_asked(ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Issues with an open request for an extension; none of other ledgers."""
    return [table.c.extension_asked] if ledger.form.kind == "issue" else [false()]


def overdue(ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Overdue records; none for ledgers without deadlines."""
    rule = ledger.due_rule
    return [overdue_conditions.overdue(table, rule, ledger.today)] if rule else [true()]


def due_soon(ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Records due today or within ``SOON``."""
    rule, today = ledger.due_rule, ledger.today
    return [overdue_conditions.due_between(table, rule, today, today + SOON)] if rule else [true()]


def due_on(ledger: VisibleLedger, table: FromClause, day: date) -> Alternatives:
    """Records due on a day, in the requested state."""
    return [overdue_conditions.due_on(table, ledger.due_rule, day)] if ledger.due_rule else [true()]


def waiting(ledger: VisibleLedger, table: FromClause, _value: bool) -> Alternatives:
    """Open records."""
    return [overdue_conditions.waits(table, ledger.due_rule)] if ledger.due_rule else [true()]


def transferred(ledger: VisibleLedger, _value: bool) -> ColumnElement[bool] | None:
    """Issues that were handed over to the account's unit and not refused; none of other ledgers."""
    if ledger.form.kind != "issue":
        return false()
    row = transfer.c
    stands = select(row.issue_id).where(~row.assists, row.state != "refused")
    own = true() if sees_all(ledger.account) else row.unit_code == ledger.account.unit_code
    return ledger.table.c.id.in_(stands.where(own))


def that_state(_ledger: VisibleLedger, state: State) -> Sequence[State]:
    """Records in the requested state."""
    return [state]


def counted_as(figure: str) -> States:
    """The states that a figure of annex 2 counts; none of a ledger whose records it does not count."""
    return lambda ledger, _: states_counted_as(figure) if ledger.form.kind == "issue" else ()


def of_issues_that_wait(ledger: VisibleLedger, _value: object) -> Sequence[State]:
    """The state in which issues wait; households are not sent back."""
    return [first_state("issue")] if ledger.form.kind == "issue" else []


def that_wait(ledger: VisibleLedger, _value: object) -> Sequence[State]:
    """The state in which records wait for their deadline."""
    return [ledger.due_rule.state] if ledger.due_rule else []


def holds(column: str) -> Condition:
    """Equality on a column without an index, where the ledger has it."""

    def condition(ledger: VisibleLedger, value: Any) -> ColumnElement[bool] | None:
        return ledger.table.c[column] == value if column in ledger.table.c else None

    return condition


def contains(*columns: str) -> Condition:
    """Case-insensitive substring match in any of the ledger's columns."""

    def condition(ledger: VisibleLedger, words: str) -> ColumnElement[bool] | None:
        texts = [ledger.table.c[name] for name in columns if name in ledger.table.c]
        return or_(*(text.icontains(words, autoescape=True) for text in texts)) if texts else None

    return condition
