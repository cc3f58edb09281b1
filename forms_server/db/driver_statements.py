"""Statements of every request, run through the driver: compiled once, and kept.

SQLAlchemy takes ten times as long for one row of many columns, most of it to describe the result; to build a query of
fifty parts takes longer than to run it.
"""

from collections import namedtuple
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, Dialect, Executable, Select
from sqlalchemy.exc import DBAPIError

from checklist.identity_cache import IdentityCache

_Convert = Callable[[Any], Any]
Query = Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]


def run(connection: Connection, statement: Executable, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Run a statement that is kept for good; returns its rows, with cells as the driver has them.

    Args:
        connection: in a transaction.
        statement: with a named place for each value.
        values: as the driver takes them.

    Raises:
        sqlalchemy.exc.DBAPIError: as SQLAlchemy would; without the values, which may be names.
    """
    return _run(connection, _compiled(statement, connection.dialect), values)


def read(connection: Connection, query: Query, values: Mapping[str, Any]) -> list[Any]:
    """Read the rows of a query that is kept for good, as named tuples; begins a transaction where none has begun.

    Args:
        connection: for reading or for writing.
        query: with a named place for each value.
        values: of the types of their places.

    Raises:
        sqlalchemy.exc.DBAPIError: as for ``run``.
    """
    typed = _typed(query, connection.dialect)
    return _read(connection, typed, {name: typed.places[name](value) for name, value in values.items()})


def read_kept(
    connection: Connection, make: Callable[[], Query | None], models: tuple[object, ...], *others: Hashable
) -> list[Any]:
    """Read the rows of a query as ``read`` does, made only if it is not kept.

    Args:
        connection: for reading or for writing.
        make: gives the query, all values in it; None where there is nothing to read.
        models: what it is made from, told apart by their identity.
        others: whatever else it is made from, and what tells it from other queries.
    """
    dialect = connection.dialect

    def typing() -> _Typed | None:
        query = make()
        return None if query is None else _typing(query, dialect)

    typed = _KEPT.get(typing, (dialect, *models), *others)
    return _read(connection, typed, {}) if typed else []


def _run(connection: Connection, made: "_Compiled", values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    named = {**made.constants, **values}
    given = named if made.order is None else tuple([named[name] for name in made.order])
    driver: Any = connection.connection.dbapi_connection
    try:
        cursor = driver.execute(made.text, given)
        return cursor.fetchall() if cursor.description else []
    except connection.dialect.dbapi.Error as error:  # type: ignore[union-attr]
        raise DBAPIError.instance(made.text, None, error, connection.dialect.dbapi.Error) from error  # type: ignore[union-attr]


def _read(connection: Connection, typed: "_Typed", values: Mapping[str, Any]) -> list[Any]:
    if not connection.in_transaction():
        connection.begin()
    rows = _run(connection, typed.made, values)
    if not typed.columns:
        return list(map(typed.row._make, rows))
    found = []
    for row in rows:
        cells = list(row)
        for at, convert in typed.columns:
            cells[at] = convert(cells[at])
        found.append(typed.row._make(cells))
    return found


@dataclass(frozen=True)
class _Compiled:
    """A statement as the driver takes it, the order of its places (None for names), and its own values."""

    text: str
    order: Sequence[str] | None
    constants: Mapping[str, Any]


@dataclass(frozen=True)
class _Typed:
    """A query, and how the values of its places and the cells of its columns are converted, where they are."""

    made: _Compiled
    places: Mapping[str, _Convert]
    columns: Sequence[tuple[int, _Convert]]
    row: Any
    """The class of its rows."""


def _weight(typed: _Typed | None) -> int:
    """About the bytes of a kept query: those of an inspector of many units are hundreds of times as long as others."""
    return _WEIGHT + 2 * len(typed.made.text) if typed else _WEIGHT


_WEIGHT = 5_000
_KEPT: IdentityCache[_Typed | None] = IdentityCache(32_000_000, _weight)
"""Neither SQLAlchemy's statements nor what it compiles are kept."""


@cache
def _compiled(statement: Executable, dialect: Dialect) -> _Compiled:
    return _compiling(statement.compile(dialect=dialect), dialect)  # type: ignore[attr-defined]


def _compiling(made: Any, dialect: Dialect) -> _Compiled:
    given = {name: None for place, name in made.bind_names.items() if place.required}
    whole = made.construct_expanded_state(
        given
    )  # lists of constants, too, which SQLAlchemy writes out at each run
    converts = _converts(made, dialect) | whole.processors
    own = {
        name: converts.get(name, _as_it_is)(value)
        for name, value in whole.parameters.items()
        if name not in given
    }
    return _Compiled(whole.statement, tuple(whole.positiontup or ()) if made.positional else None, own)


@cache
def _typed(query: Query, dialect: Dialect) -> _Typed:
    return _typing(query, dialect)


def _typing(query: Query, dialect: Dialect) -> _Typed:
    made, columns = query.compile(dialect=dialect), query.selected_columns
    shown = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
    return _Typed(
        _compiling(made, dialect),
        _converts(made, dialect),
        [(at, convert) for at, convert in enumerate(shown) if convert],
        _row(tuple(columns.keys())),
    )


@cache
def _row(names: tuple[str, ...]) -> Any:
    return namedtuple("_Row", names, rename=True)


def _converts(made: Any, dialect: Dialect) -> dict[str, _Convert]:
    """From the name of a place to what makes of its values what the driver takes."""
    found = {
        name: place.type.dialect_impl(dialect).bind_processor(dialect)
        for place, name in made.bind_names.items()
    }
    return {name: convert or _as_it_is for name, convert in found.items()}


def _as_it_is(value: Any) -> Any:
    return value
