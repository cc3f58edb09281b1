"""Many rows at once, without what an ORM's toolkit does for each of them."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Dialect, TableClause, insert

Cell = str | int | bytes | None


def insert_rows(
    connection: Connection, table: TableClause, names: Sequence[str], rows: Sequence[Sequence[Cell]]
) -> None:
    """Inserts rows whose cells are as the driver takes them: days, times and JSON as text.

    Args:
        connection: a transaction.
        table: where they go.
        names: the columns that are filled.
        rows: each with a cell for each of these columns.
    """
    if not rows:
        return
    statement, positions = _compiled(table, tuple(names), connection.dialect)
    given: list[Any]
    if positions is not None:
        order = [names.index(name) for name in positions]
        in_order = order == list(range(len(names)))
        given = list(map(tuple if in_order or len(order) == 1 else itemgetter(*order), rows))
    else:
        given = [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(statement, given)


@lru_cache(maxsize=64)
def _compiled(
    table: TableClause, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[str] | None]:
    """The statement, and the names of its places in their order; None where its places have names."""
    compiled = insert(table).compile(dialect=dialect, column_keys=list(names))
    return str(compiled), (compiled.positiontup or ()) if compiled.positional else None


def text_of_moment(moment: date) -> str:
    """A day or a moment as both databases read it, and as SQLAlchemy writes it for SQLite."""
    return moment.isoformat(" ", "microseconds") if isinstance(moment, datetime) else moment.isoformat()
