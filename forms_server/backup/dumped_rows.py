"""Rows as JSON lines, identical for SQLite and PostgreSQL."""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import JSON, Column, Connection, LargeBinary, Table, column, func, select, table

from forms_server.backup.backup_manifest import Dumped
from forms_server.db.bulk_insert import Cell, insert_rows, text_of_moment

AT_ONCE = 2_000
_spell = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def described(source: Table, connection: Connection) -> Dumped:
    """Describe a table's dump: columns and number of rows."""
    kept = _columns(source)
    return Dumped(
        name=source.name,
        columns=tuple(each.name for each in kept),
        json=tuple(each.name for each in kept if isinstance(each.type, JSON)),
        binary=tuple(each.name for each in kept if isinstance(each.type, LargeBinary)),
        rows=connection.execute(select(func.count()).select_from(source)).scalar_one(),
    )


def lines(source: Table, connection: Connection) -> Iterator[bytes]:
    """Dump the table's rows by primary key, a JSON array per line."""
    query = select(*_columns(source)).order_by(*source.primary_key).execution_options(yield_per=AT_ONCE)
    for row in connection.execute(query):
        yield (_spell([_plain(cell) for cell in row]) + "\n").encode()


def load(connection: Connection, dumped: Dumped, written: Iterable[bytes]) -> int:
    """Bulk insert dumped rows; returns their number."""
    target = table(dumped.name, *(column(name) for name in dumped.columns))
    readers = [_READERS.get(_kind(dumped, name), _same) for name in dumped.columns]
    rows = ([read(cell) for read, cell in zip(readers, json.loads(line), strict=True)] for line in written)
    count = 0
    while batch := list(islice(rows, AT_ONCE)):
        insert_rows(connection, target, dumped.columns, batch)
        count += len(batch)
    return count


def _columns(source: Table) -> list[Column[Any]]:
    """Stored columns, without the generated ones."""
    return [each for each in source.c if each.computed is None]


def _plain(cell: Any) -> Any:
    if isinstance(cell, date):
        return text_of_moment(cell)
    return base64.b64encode(cell).decode() if isinstance(cell, bytes) else cell


def _kind(dumped: Dumped, name: str) -> str:
    return "json" if name in dumped.json else "binary" if name in dumped.binary else ""


def _same(cell: Any) -> Cell | bytes:
    return cell  # type: ignore[no-any-return]


def _json(cell: Any) -> str | None:
    return None if cell is None else json.dumps(cell)


def _binary(cell: Any) -> bytes | None:
    return None if cell is None else base64.b64decode(cell)


_READERS = {"json": _json, "binary": _binary}
