"""Statements of every write, run through the driver: compiled once.

SQLAlchemy takes ten times as long for one row of many columns, most of it to describe the result.
"""

from collections import namedtuple
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Connection, Dialect, Executable, Insert, Select, TableClause
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
    return _execute(connection, text, _in_order({**constants, **values}, order))[1]


def fetch(
    connection: Connection, statement: Select[Any] | Insert, values: Mapping[str, Any]
) -> Sequence[Any]:
    """Run a SELECT, or an INSERT of one row, that is kept for good; the rows are named tuples.

    Args:
        connection: in a transaction.
        statement: with a named place for each value; an INSERT fills the columns that have a value.
        values: as SQLAlchemy takes them, like the cells of the rows.

    Raises:
        TypeError: an INSERT lacks the value of a column whose default is computed.
        sqlalchemy.exc.DBAPIError: as for ``run``.
    """
    typed = _typed(statement, connection.dialect, tuple(values))
    named = {**typed.constants, **values}
    for name, write in typed.writers:
        named[name] = write(named[name])
    columns, rows = _execute(connection, typed.text, _in_order(named, typed.order))
    if not rows:
        return []
    row = _row(tuple(column[0] for column in columns))
    return [
        row._make(read(cell) if read else cell for read, cell in zip(typed.readers, cells, strict=True))
        for cells in rows
    ]


def _execute(connection: Connection, text: str, given: Any) -> tuple[Sequence[Any], list[tuple[Any, ...]]]:
    """The columns' descriptions and the rows."""
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor = driver.execute(text, given)
        return cursor.description or (), cursor.fetchall() if cursor.description else []
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise DBAPIError.instance(text, None, error, connection.dialect.dbapi.Error) from error  # type: ignore[union-attr]


def _in_order(named: Mapping[str, Any], order: Sequence[str] | None) -> Any:
    return named if order is None else tuple(named[name] for name in order)


@cache
def _compiled(statement: Executable, dialect: Dialect) -> tuple[str, Sequence[str] | None, Mapping[str, Any]]:
    """A statement as the driver takes it, the order of its places (None for names), and its own values."""
    made: Any = statement.compile(dialect=dialect)  # type: ignore[attr-defined]
    return str(made), _order(made), _constants(made)


@dataclass(frozen=True)
class _Typed:
    """A compiled statement with what turns values into the driver's, and its cells into values."""

    text: str
    order: Sequence[str] | None
    constants: Mapping[str, Any]
    writers: Sequence[tuple[str, Callable[[Any], Any]]]
    readers: Sequence[Callable[[Any], Any] | None]


@cache
def _typed(statement: Select[Any] | Insert, dialect: Dialect, names: tuple[str, ...]) -> _Typed:
    defaults: dict[str, Any] = {}
    if isinstance(statement, Insert):
        defaults = _defaults(statement.table, names)
        made: Any = statement.compile(dialect=dialect, column_keys=[*names, *defaults])
    else:  # some constants are part of the text, which asks for all values
        whole = {"render_postcompile": True}
        made = statement.params(dict.fromkeys(names)).compile(dialect=dialect, compile_kwargs=whole)
    writers = ((name, place.type.dialect_impl(dialect)) for place, name in made.bind_names.items())
    writing = ((name, kind.bind_processor(dialect)) for name, kind in writers)
    kinds = [column.type.dialect_impl(dialect) for column in statement.exported_columns]
    return _Typed(
        str(made),
        _order(made),
        {**_constants(made), **defaults},
        [(name, write) for name, write in writing if write],
        [kind.result_processor(dialect, None) for kind in kinds],
    )


def _defaults(table: TableClause, names: Container[str]) -> dict[str, Any]:
    """The values that SQLAlchemy fills in."""
    unfilled: dict[str, Any] = {
        each.name: each.default for each in table.c if each.name not in names and each.default
    }
    computed = [name for name, default in unfilled.items() if not default.is_scalar]
    if computed:
        raise TypeError(f"no value for {', '.join(computed)} of {table.name}")
    return {name: default.arg for name, default in unfilled.items()}


def _order(made: Any) -> Sequence[str] | None:
    return (made.positiontup or ()) if made.positional else None


def _constants(made: Any) -> Mapping[str, Any]:
    return {name: place.value for place, name in made.bind_names.items() if not place.required}


@cache
def _row(names: tuple[str, ...]) -> Any:
    return namedtuple("Row", names, rename=True)
