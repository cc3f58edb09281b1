"""The audit: one row for every change, written in the transaction that changes, chained to the row before."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, insert, select, update

from forms_server.accounts.account import Account
from forms_server.audit_chain import START, Head, link, seal
from forms_server.db import tables
from forms_server.db.bulk import insert_rows, text_of_moment
from forms_server.db.engine import audit_key

_head = tables.audit_head
_AT_ONCE = 10_000
# Put together once: everybody else waits while they run.
_HEAD = select(_head.c.rows, _head.c.hash, _head.c.seal)
_MOVE_HEAD = update(_head).where(_head.c.id == 1)
_COLUMNS = [column.name for column in tables.audit.c]


@dataclass(frozen=True)
class Change:
    """What one row says.

    Attributes:
        subject: the table of the record that changed.
        subject_id: its id there.
        action: a verb, such as ``create`` or ``report``.
        change: ids of the fields that changed, states from and to; never a name or a password.
    """

    subject: str
    subject_id: str
    action: str
    change: Mapping[str, Any] = field(default_factory=dict)


def record(  # noqa: PLR0913, PLR0917 - who, when, what and how are all there is to say
    connection: Connection,
    at: datetime,
    account: Account | None,
    subject: str,
    subject_id: str,
    action: str,
    change: Mapping[str, Any] | None = None,
) -> None:
    """Writes one row.

    Args:
        connection: the transaction that changes the record.
        at: when, by the application's clock.
        account: who; None for the command line and for what nobody signed in did.
        subject: as in ``Change``, like all that follows.
        subject_id: see there.
        action: see there.
        change: see there.
    """
    record_many(connection, at, account, [Change(subject, subject_id, action, change or {})])


def record_many(
    connection: Connection, at: datetime, account: Account | None, changes: Iterable[Change]
) -> None:
    """Writes a row for each of many changes that one person makes at once."""
    rows = [
        {
            "at": at,
            "account_id": account.id if account else None,
            "unit_code": account.unit_code if account else None,
            "subject": change.subject,
            "subject_id": change.subject_id,
            "action": str(change.action),
            "change": dict(change.change),
        }
        for change in changes
    ]
    if rows:
        _append(connection, rows)


def _append(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Links rows to the chain; ``transaction`` sees to it that nobody else does so at the same time."""
    key = audit_key(connection)
    head = read_head(connection)
    count, last = (head.rows, head.hash) if head else (0, START)
    for row in rows:
        count += 1
        row["id"] = count
        row["hash"] = last = link(key, last, row)
    insert_rows(connection, tables.audit, _COLUMNS, [_cells(row) for row in rows])
    values = {"rows": count, "hash": last, "seal": seal(key, count, last)}
    if head:
        connection.execute(_MOVE_HEAD, values)
    else:
        connection.execute(insert(_head), values | {"id": 1})


def _cells(row: dict[str, Any]) -> list[Any]:
    """A row as the driver takes it."""
    said = row | {"at": text_of_moment(row["at"]), "change": json.dumps(row["change"])}
    return [said[name] for name in _COLUMNS]


def read_head(connection: Connection) -> Head | None:
    """The head of the chain; None where nothing has been written yet."""
    row = connection.execute(_HEAD).one_or_none()
    return Head(*row) if row else None


def read_rows(connection: Connection) -> Iterator[RowMapping]:
    """All rows by number, read as they are asked for."""
    query = select(tables.audit).order_by(tables.audit.c.id).execution_options(yield_per=_AT_ONCE)
    with connection.execute(query) as found:  # closed where nobody reads to the end
        yield from found.mappings()
