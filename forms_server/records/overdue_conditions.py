"""The rule of ``checklist.overdue`` as SQL conditions."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, true
from sqlalchemy.sql.elements import KeyedColumnElement

from checklist.overdue import DueRule

_INDEXED = {"deadline": "due"}
"""Columns that have another beside them, which indexes hold and which is never empty."""


def since_column(table: FromClause, rule: DueRule) -> KeyedColumnElement[Any]:
    """Indexed column with the day from which deadlines count."""
    return table.c[_INDEXED.get(rule.since, rule.since)]


def waits(table: FromClause, rule: DueRule) -> ColumnElement[bool]:
    """Condition: the record is still open."""
    return and_(table.c.state == rule.state.value, _not_ended(table, rule))


def overdue(table: FromClause, rule: DueRule, today: date) -> ColumnElement[bool]:
    """Condition: the record is overdue."""
    return and_(waits(table, rule), since_column(table, rule) < rule.since_for(today))


def due_between(table: FromClause, rule: DueRule, first: date, last: date) -> ColumnElement[bool]:
    """Condition: the record is open and due in this range of days."""
    days = rule.since_for(first), rule.since_for(last)
    return and_(waits(table, rule), since_column(table, rule).between(*days))


def due_on(table: FromClause, rule: DueRule, day: date) -> ColumnElement[bool]:
    """Condition: the record is due on that day, in any state."""
    return and_(_not_ended(table, rule), since_column(table, rule) == rule.since_for(day))


def _not_ended(table: FromClause, rule: DueRule) -> ColumnElement[bool]:
    return table.c[rule.until].is_(None) if rule.until else true()
