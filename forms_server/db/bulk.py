"""Many rows at once, without what an ORM's toolkit does for each of them."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, TableClause, insert

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
    compiled = insert(table).compile(dialect=connection.dialect, column_keys=list(names))
    given: list[Any]
    if compiled.positional:
        order = [names.index(name) for name in compiled.positiontup or ()]
        in_order = order == list(range(len(names)))
        given = [tuple(row) if in_order else tuple([row[at] for at in order]) for row in rows]
    else:
        given = [dict(zip(names, row, strict=True)) for row in rows]
    connection.exec_driver_sql(str(compiled), given)


def text_of_moment(moment: date) -> str:
    """A day or a moment as both databases read it, and as SQLAlchemy writes it for SQLite."""
    return moment.isoformat(" ", "microseconds") if isinstance(moment, datetime) else moment.isoformat()
