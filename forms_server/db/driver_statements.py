"""Statements of every write, run through the driver: compiled once, cells untyped.

SQLAlchemy takes ten times as long for one row of many columns, most of it to describe the result.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError


def run(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement that is kept for good; returns its rows, with cells as the driver has them.

    Args:
        connection: in a transaction.
        statement: with a named place for each value.
        values: as the driver takes them.

    Raises:
        sqlalchemy.exc.DBAPIError: as SQLAlchemy would; without the values, which may be names.
    """
    text, order, constants = _compiled(statement, connection.dialect)
    named = {**constants, **values}
    given = named if order is None else tuple(named[name] for name in order)
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor = driver.execute(text, given)
        return cursor.fetchall() if cursor.description else []
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise DBAPIError.instance(text, None, error, connection.dialect.dbapi.Error) from error  # type: ignore[union-attr]


@cache
def _compiled(statement: Executable, dialect: Dialect) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
    """A statement as the driver takes it, the order of its places (None for names), and its own values."""
    made: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    constants = {name: place.value for place, name in made.bind_names.items() if not place.required}
    return str(made), (made.positiontup or ()) if made.positional else None, constants
