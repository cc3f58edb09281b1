"""Keyset pagination: a page takes as long among a million records as among a thousand.

A page is read through a window: the keys of the next records in order, merged from disjoint index ranges. Conditions
without an index (words in a text) are searched in a wider, bounded window, whose end the page shows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    Subquery,
    Table,
    and_,
    literal,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.sql.elements import KeyedColumnElement

from forms_server.db.record_columns import Row

PAGE_SIZE = 50

SEARCHED = 20_000
"""Records that a page scans for conditions without an index."""

SEARCHED_FIRST = 2_000
"""Records that are scanned first: they fill the page unless matches are rare."""


@dataclass(frozen=True)
class Position:
    """A stable cursor between two records of an order."""

    key: datetime | date | int
    id: str
    back: bool = False
    """Whether the page lies before the cursor rather than after it."""


@dataclass(frozen=True)
class Order:
    """Sort key: a column of the table, then the id."""

    column: KeyedColumnElement[datetime] | KeyedColumnElement[date] | KeyedColumnElement[int]
    descending: bool = False

    def place(self, row: Row, *, back: bool) -> Position:
        """Cursor of a row."""
        return Position(row[self.column.name], row["id"], back)


@dataclass(frozen=True)
class Rows:
    """A page's rows in order, with the cursors of its neighbours."""

    rows: Sequence[Row]
    next: Position | None
    previous: Position | None
    unfinished: bool = False
    """Whether the window ended before the page was full: more matches may follow."""


def read(
    connection: Connection,
    table: Table,
    parts: Sequence[ColumnElement[bool]],
    order: Order,
    position: Position | None = None,
    sought: ColumnElement[bool] | None = None,
) -> Rows:
    """Read a page.

    Args:
        connection: a transaction.
        table: whose records are read.
        parts: disjoint conditions, each one range of an index. Without any the page
            is empty.
        order: of the page, and of that index.
        position: where the page begins; None for the first one.
        sought: a condition without an index.
    """
    if not parts:
        return Rows([], None, None)
    found = _found(connection, table, parts, order, position, sought)
    if position is None and sought is None:
        return first_page(found, order)
    shown, beyond = list(found[:PAGE_SIZE]), None
    back = position is not None and position.back
    if len(found) > PAGE_SIZE:
        beyond = order.place(shown[-1], back=back)
    elif sought is not None and (end := _end(connection, table, parts, order, position)):
        beyond = order.place(end, back=back)
    unfinished = beyond is not None and len(found) <= PAGE_SIZE
    came_from = _came_from(shown, order, position)
    if back:
        return Rows(shown[::-1], came_from, beyond, unfinished)
    return Rows(shown, beyond, came_from, unfinished)


def first_page(found: Sequence[Row], order: Order) -> Rows:
    """The page of the rows that ``page_query`` finds without a cursor and without a condition to search for."""
    shown = found[:PAGE_SIZE]
    return Rows(shown, order.place(shown[-1], back=False) if len(found) > PAGE_SIZE else None, None)


def _found(
    connection: Connection,
    table: Table,
    parts: Sequence[ColumnElement[bool]],
    order: Order,
    position: Position | None,
    sought: ColumnElement[bool] | None,
) -> Sequence[Row]:
    """A page's rows and one more, from the smallest sufficient window."""
    found: Sequence[Row] = []
    for size in [PAGE_SIZE + 1] if sought is None else [SEARCHED_FIRST, SEARCHED]:
        query = page_query(table, parts, order, position, sought, size)
        found = connection.execute(query).mappings().all()
        if len(found) > PAGE_SIZE:
            break
    return found


def page_query(
    table: Table,
    parts: Sequence[ColumnElement[bool]],
    order: Order,
    position: Position | None = None,
    sought: ColumnElement[bool] | None = None,
    size: int = PAGE_SIZE + 1,
) -> Select[tuple[object, ...]]:
    """Query for a page's rows and one more among the next ``size`` records."""
    back = position is not None and position.back
    window = _window(table, parts, order, position, size, sought)
    query = select(table).join(window, window.c.id == table.c.id)
    if sought is not None:
        query = query.where(window.c.sought)
    return query.order_by(*_by(table, order, back=back)).limit(PAGE_SIZE + 1)


def _came_from(shown: Sequence[Row], order: Order, position: Position | None) -> Position | None:
    """Cursor of the page that the reader came from."""
    if position is None:
        return None
    if not shown:
        return Position(position.key, position.id, not position.back)
    return order.place(shown[0], back=not position.back)


def _window(
    table: Table,
    parts: Sequence[ColumnElement[bool]],
    order: Order,
    position: Position | None,
    size: int,
    sought: ColumnElement[bool] | None = None,
) -> Subquery:
    """Keys of the first records beyond a cursor, and whether each matches.

    Matching happens here, during the index scan; a later look-up by id would read each record twice.
    """
    back = position is not None and position.back
    beyond, by = _beyond(order, position), _by(table, order, back=back)
    keys: list[ColumnElement[Any]] = [order.column, table.c.id]
    if sought is not None:
        keys.append(sought.label("sought"))
    ranges = [select(*keys).where(part, beyond).order_by(*by).limit(size) for part in parts]
    if len(ranges) == 1:
        return ranges[0].subquery()
    together = union_all(*(select(each.subquery()) for each in ranges)).subquery()
    return select(together).order_by(*_by(together, order, back=back)).limit(size).subquery()


def _end(
    connection: Connection,
    table: Table,
    parts: Sequence[ColumnElement[bool]],
    order: Order,
    position: Position | None,
) -> Row | None:
    """Last key of a full window."""
    back = position is not None and position.back
    window = _window(table, parts, order, position, SEARCHED)
    query = select(window).order_by(*_by(window, order, back=back)).offset(SEARCHED - 1).limit(1)
    return connection.execute(query).mappings().first()


def _by(columns: FromClause, order: Order, *, back: bool) -> list[ColumnElement[object]]:
    keys = columns.c[order.column.name], columns.c.id
    return [key.desc() if order.descending != back else key.asc() for key in keys]


def _beyond(order: Order, position: Position | None) -> ColumnElement[bool]:
    """Condition: the record lies beyond a cursor."""
    if position is None:
        return and_(True)
    here = tuple_(literal(position.key, order.column.type), literal(position.id))
    key = tuple_(order.column, order.column.table.c.id)
    return key < here if order.descending != position.back else key > here
