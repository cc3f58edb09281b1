"""The rule of ``checklist.overdue`` as conditions on the tables of the database."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, true
from sqlalchemy.sql.elements import KeyedColumnElement

from checklist.overdue import DueRule

_INDEXED = {"deadline": "due"}
"""Columns that have another beside them, which indexes hold and which is never empty."""


def since_column(table: FromClause, rule: DueRule) -> KeyedColumnElement[Any]:
    """The column with the day that deadlines are counted from, as indexes hold it."""
    return table.c[_INDEXED.get(rule.since, rule.since)]


def waits(table: FromClause, rule: DueRule) -> ColumnElement[bool]:
    """Whether a record still has to be done."""
    return and_(table.c.state == rule.state.value, _not_ended(table, rule))


def overdue(table: FromClause, rule: DueRule, today: date) -> ColumnElement[bool]:
    """Whether a record is overdue."""
    return and_(waits(table, rule), since_column(table, rule) < rule.since_for(today))


def due_between(table: FromClause, rule: DueRule, first: date, last: date) -> ColumnElement[bool]:
    """Whether a record still has to be done, and is due on one of these days."""
    days = rule.since_for(first), rule.since_for(last)
    return and_(waits(table, rule), since_column(table, rule).between(*days))


def due_on(table: FromClause, rule: DueRule, day: date) -> ColumnElement[bool]:
    """Whether a record, in whatever state, is due on that day."""
    return and_(_not_ended(table, rule), since_column(table, rule) == rule.since_for(day))


def _not_ended(table: FromClause, rule: DueRule) -> ColumnElement[bool]:
    return table.c[rule.until].is_(None) if rule.until else true()
