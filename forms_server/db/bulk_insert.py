"""Bulk inserts through the driver, without SQLAlchemy's overhead per row."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from functools import lru_cache
from itertools import chain, islice
from operator import itemgetter

from sqlalchemy import Connection, Dialect, TableClause, func, insert, literal, select

Cell = str | int | bytes | None

_PLACES = 30_000
"""Cells a statement on SQLite, which takes no more than 32,766 by default."""
_MANY = 10_000
"""Minimal number of rows for dropping indexes: it makes other connections reload the schema."""
_INDEXES = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL"


def insert_rows(
    connection: Connection, table: TableClause, names: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> None:
    """Bulk insert rows whose cells are driver values: dates, times and JSON as text.

    Args:
        connection: a transaction.
        table: where they go.
        names: the columns that are filled.
        rows: each with a cell for each of these columns.
    """
    if not rows:
        return
    at_once = _rows_a_statement(connection.dialect, rows[0])
    whole = len(rows) - len(rows) % at_once if at_once > 1 else 0
    if whole:
        statement, order = _compiled(table, tuple(names), connection.dialect, at_once)
        cells = chain.from_iterable(_ordered(rows[:whole], names, order))
        given = [tuple(islice(cells, at_once * len(names))) for _ in range(whole // at_once)]
        connection.exec_driver_sql(statement, given)
    if rest := rows[whole:]:
        statement, order = _compiled(table, tuple(names), connection.dialect)
        named = [dict(zip(names, row, strict=True)) for row in rest] if order is None else None
        connection.exec_driver_sql(statement, named or list(map(tuple, _ordered(rest, names, order))))


@contextmanager
def indexes_afterwards(connection: Connection, table: TableClause, coming: int) -> Iterator[None]:
    """Drop a table's indexes for the block and rebuild them after it, where that is cheaper.

    Building an index from all rows at once (a sort) takes 60 % of the time of inserting row by row, so it pays with
    twice as many new rows as old ones. SQLite only, where DDL is transactional and invisible to readers; PostgreSQL
    would lock readers out.

    Args:
        connection: a transaction that is rolled back if the block fails (``transaction``): that brings them back.
        table: into which rows are put.
        coming: how many.
    """
    if connection.dialect.name != "sqlite" or coming < _MANY or _holds(connection, table, coming // 2 + 1):
        yield
        return
    indexes = connection.exec_driver_sql(_INDEXES, (table.name,)).all()
    for name, _ in indexes:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    yield
    for _, made_by in indexes:
        connection.exec_driver_sql(made_by)


def _holds(connection: Connection, table: TableClause, rows: int) -> bool:
    """Whether the table has at least so many rows; stops counting there."""
    some = select(literal(1)).select_from(table).limit(rows).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() == rows


def _rows_a_statement(dialect: Dialect, row: Sequence[Cell]) -> int:
    """Rows per statement: as many as SQLite takes, since it copies changed pages per statement (half the time).

    PostgreSQL's driver batches by itself; rows that hold files go one by one to save memory.
    """
    return _PLACES // len(row) if dialect.positional and bytes not in map(type, row) else 1


def _ordered(
    rows: Sequence[Sequence[Cell]], names: Sequence[str], order: Sequence[str] | None
) -> Iterable[Sequence[Cell]]:
    """The rows with their cells in the order of the statement's places."""
    at = [names.index(name) for name in order or names]
    if at == list(range(len(names))):
        return rows
    return map(itemgetter(*at), rows)


@lru_cache(maxsize=64)
def _compiled(
    table: TableClause, names: tuple[str, ...], dialect: Dialect, rows: int = 1
) -> tuple[str, Sequence[str] | None]:
    """Compile the statement for so many rows; also the order of a row's parameters, None where they are named."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    head, values, row = str(compiled).partition(" VALUES ")
    order = (compiled.positiontup or ()) if compiled.positional else None
    return f"{head}{values}{', '.join([row] * rows)}", order


def text_of_moment(moment: date) -> str:
    """A day or a moment as both databases read it, and as SQLAlchemy writes it for SQLite."""
    return moment.isoformat(" ", "microseconds") if isinstance(moment, datetime) else moment.isoformat()
