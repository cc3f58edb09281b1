"""The audit log: a row per change, in the transaction of the change, in a tamper-evident hash chain."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from sqlalchemy import Connection, RowMapping, bindparam, insert, literal_column, select, update

from forms_server.account import Account
from forms_server.audit_chain import START, ChainHead, later_columns, link_spelled, seal, spell
from forms_server.db import tables
from forms_server.db.bulk_insert import Cell, insert_rows, text_of_moment
from forms_server.db.driver_statements import run
from forms_server.db.engine import audit_key
from forms_server.record_digests import COVERED, digests_of, digests_of_written

_head = tables.audit_head
_AT_ONCE = 10_000
_HEAD = select(_head.c.rows, _head.c.hash, _head.c.seal)
_HEAD_NOW: dict[str, Any] = {name: bindparam(f"{name}_now") for name in ("rows", "hash", "seal")}
_MOVE_HEAD = update(_head).where(_head.c.id == literal_column("1")).values(_HEAD_NOW)
_FIRST_HEAD = insert(_head).values({"id": literal_column("1"), **_HEAD_NOW})
_COLUMNS = [column.name for column in tables.audit.c]


UNFIT = "unfit"
"""The audit's word for a record that was changed past the program before the program changed it."""

_LAST_DIGEST = (
    select(tables.audit.c.digest)
    .where(
        tables.audit.c.subject == bindparam("subject"),
        tables.audit.c.subject_id == bindparam("subject_id"),
        tables.audit.c.digest.is_not(None),
    )
    .order_by(tables.audit.c.id.desc())
    .limit(1)
)


ORIGIN: ContextVar[str | None] = ContextVar("origin", default=None)
"""Network address from which the current request comes; None outside of requests."""


class AuditEntry(NamedTuple):
    """Content of an audit row; a tuple, since a bulk import creates many.

    Attributes:
        subject: the table of the record that changed.
        subject_id: its id there.
        action: a verb, such as ``create`` or ``report``.
        change: ids of the fields that changed, states from and to; never a name or a password.
        alters: whether the record changed: its digest is then taken anew (``record_digests``). A row that only notes
            something, such as a sign-in, must not vouch for what somebody else did to the record.
        digest: of a record that was just inserted, taken of what was written (``digests_written``); else it is read.
    """

    subject: str
    subject_id: str
    action: str
    change: Mapping[str, Any] = MappingProxyType({})
    alters: bool = True
    digest: str | None = None


def digests_written(
    connection: Connection, subject: str, names: Sequence[str], rows: Iterable[Sequence[Cell]]
) -> Iterator[str]:
    """Digests of records that a bulk insert just wrote, in their order, without reading them back."""
    return digests_of_written(audit_key(connection), subject, names, rows)


def record(  # noqa: PLR0913, PLR0917 - who, when, what and how are all there is to say
    connection: Connection,
    at: datetime,
    account: Account | None,
    subject: str,
    subject_id: str,
    action: str,
    change: Mapping[str, Any] | None = None,
    *,
    alters: bool = True,
) -> None:
    """Write one row, after the change that it is about: it holds a digest of the record as that left it.

    Args:
        connection: the transaction that changes the record.
        at: when, by the application's clock.
        account: the actor; None for the command line and for requests that are not signed in.
        subject: as in ``AuditEntry``, like all that follows.
        subject_id: see there.
        action: see there.
        change: see there.
        alters: see there.
    """
    record_many(connection, at, account, [AuditEntry(subject, subject_id, action, change or {}, alters)])


def record_many(
    connection: Connection, at: datetime, account: Account | None, changes: Iterable[AuditEntry]
) -> None:
    """Bulk insert: a row for each of many changes by one account."""
    said = list(changes)
    if said:
        _append(connection, at, account, said)


def note_unfit(
    connection: Connection, at: datetime, account: Account | None, subject: str, identities: Iterable[str]
) -> None:
    """Write a row for each record that is not as its last audit row left it; called before the program changes it.

    The digest of the change would else vouch for what somebody had done to the record past the program.
    """
    key = audit_key(connection)
    unfit = [
        AuditEntry(subject, identity, UNFIT, alters=False)
        for identity, digest in digests_of(connection, key, subject, identities)
        if (digest or None) != _last_digest(connection, subject, identity)
    ]
    record_many(connection, at, account, unfit)


def _last_digest(connection: Connection, subject: str, identity: str) -> str | None:
    """The digest that a record's last audit row has of it; None where it was deleted, or never was there."""
    found = run(connection, _LAST_DIGEST, {"subject": subject, "subject_id": identity})
    return (found[0][0] or None) if found else None


def _append(connection: Connection, at: datetime, account: Account | None, changes: list[AuditEntry]) -> None:
    """Append rows to the hash chain; ``transaction`` serializes writers."""
    key = audit_key(connection)
    head = read_head(connection)
    count, last = (head.rows, head.hash) if head else (0, START)
    who = (account.id, account.unit_code) if account else (None, None)
    common, moment, words = spell([at.isoformat(), *who])[1:-1], text_of_moment(at), _Words()
    origin = ORIGIN.get()
    digests = _digests(connection, key, changes)
    rows: list[tuple[Cell, ...]] = []
    for number, (change, digest) in enumerate(zip(changes, digests, strict=True), count + 1):
        subject, action, content = words.of(change)
        spelled = [str(number), common, subject, spell(change.subject_id), action, content]
        spelled += map(spell, later_columns(digest, origin))
        last = link_spelled(key, last, spelled)
        # Plain text: the name of a table is of a class of its own, which the driver is slow to take.
        what = str(change.subject), change.subject_id, str(change.action), content
        rows.append((number, moment, *who, *what, digest, origin, last))
    insert_rows(connection, tables.audit, _COLUMNS, rows)
    count += len(rows)
    values = {"rows_now": count, "hash_now": last, "seal_now": seal(key, count, last)}
    run(connection, _MOVE_HEAD if head else _FIRST_HEAD, values)


def _digests(connection: Connection, key: bytes, changes: Sequence[AuditEntry]) -> list[str | None]:
    """The digest for each change, None for those that alter no covered record."""
    altering = dict.fromkeys(
        (each.subject, each.subject_id) for each in changes if each.alters and each.digest is None
    )
    found: dict[tuple[str, str], str] = {}
    for subject in dict.fromkeys(subject for subject, _ in altering if subject in COVERED):
        ids = [identity for of, identity in altering if of == subject]
        found |= {(subject, each): digest for each, digest in digests_of(connection, key, subject, ids)}
    return [
        each.digest or found.get((each.subject, each.subject_id)) if each.alters else None for each in changes
    ]


class _Words:
    """Serialized parts shared by many changes, cached: bulk imports repeat them for each record."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, int], tuple[str, str, str]] = {}

    def of(self, change: AuditEntry) -> tuple[str, str, str]:
        """Subject, action and what changed. All changes are held by the caller, so that no id comes again."""
        key = change.subject, change.action, id(change.change)
        found = self._seen.get(key)
        if found is None:
            content = spell(dict(change.change))
            found = self._seen[key] = spell(change.subject), spell(str(change.action)), content
        return found


def read_head(connection: Connection) -> ChainHead | None:
    """Head of the chain; None for an empty log."""
    return next((ChainHead(*row) for row in run(connection, _HEAD, {})), None)


def last_moment(connection: Connection) -> datetime | None:
    """Time of the last row; None for an empty log."""
    head = read_head(connection)
    if head is None:
        return None
    return connection.execute(select(tables.audit.c.at).where(tables.audit.c.id == head.rows)).scalar()


def read_rows(connection: Connection) -> Iterator[RowMapping]:
    """Stream all rows by number."""
    query = select(tables.audit).order_by(tables.audit.c.id).execution_options(yield_per=_AT_ONCE)
    with connection.execute(query) as found:  # closed even if the reader stops early
        yield from found.mappings()
