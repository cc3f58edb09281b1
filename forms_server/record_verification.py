"""Compares the stored records with the digests in their last audit rows, and seals those of older versions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, func, select

from build_scripts.progress import Tell
from forms_server import audit
from forms_server.db.engine import audit_key
from forms_server.db.tables import audit as table
from forms_server.record_digests import COVERED, GONE, SEAL, digests_of, identities

SEALED_SINCE = "0025"
"""The schema version since which audit rows hold digests. A later migration that changes a column's value in covered
rows takes its number here: records of older databases are sealed anew after the upgrade."""

_AT_ONCE = 10_000


class RecordFaultKind(StrEnum):
    """How a record differs from its last audit row."""

    ALTERED = "altered"
    ADDED = "added"
    """No audit row is about it."""
    REMOVED = "removed"
    RETURNED = "returned"
    """It was deleted by the program, and is there again."""
    UNFIT = "unfit"
    """It was changed past the program, and by the program since."""
    LOST_FILE = "lost file"
    ALTERED_FILE = "altered file"


@dataclass(frozen=True)
class RecordFault:
    """A record that is not as the program left it."""

    subject: str
    subject_id: str
    kind: RecordFaultKind
    row: int | None = None
    """The number of its last audit row with a digest."""


def record_faults(connection: Connection, tell: Tell) -> Iterator[RecordFault]:
    """All records that were changed, added or removed past the program, subject by subject.

    Presupposes that the audit's chain is whole: otherwise the digests prove nothing.
    """
    key = audit_key(connection)
    for subject, parts in COVERED.items():
        main = parts[0].table
        tell("核对记录", total=connection.execute(select(func.count()).select_from(main)).scalar_one())
        known = _last_digests(connection, subject)
        for identity, digest in digests_of(connection, key, subject, identities(connection, subject)):
            tell(advance=1)
            row, expected = known.pop(identity, (None, None))
            if digest != expected:
                yield RecordFault(subject, identity, _kind(expected), row)
        for identity, (row, expected) in known.items():
            if expected != GONE:
                yield RecordFault(subject, identity, RecordFaultKind.REMOVED, row)


def unfit_records(connection: Connection) -> Iterator[RecordFault]:
    """Records that the program found changed when it was about to change them; the audit's chain vouches for that."""
    query = select(table.c.subject, table.c.subject_id, table.c.id).where(table.c.action == audit.UNFIT)
    for subject, identity, row in connection.execute(query.order_by(table.c.id)):
        yield RecordFault(subject, identity, RecordFaultKind.UNFIT, row)


def _kind(expected: str | None) -> RecordFaultKind:
    if expected is None:
        return RecordFaultKind.ADDED
    return RecordFaultKind.RETURNED if expected == GONE else RecordFaultKind.ALTERED


def _last_digests(connection: Connection, subject: str) -> dict[str, tuple[int, str]]:
    """The number and digest of each record's last audit row that has one."""
    query = select(table.c.subject_id, table.c.id, table.c.digest).where(
        table.c.subject == subject, table.c.digest.is_not(None)
    )
    last: dict[str, tuple[int, str]] = {}
    with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as found:
        for identity, row, digest in found:
            if identity not in last or last[identity][0] < row:
                last[identity] = row, digest
    return last


def needs_seal(revision: str | None) -> bool:
    """Whether the records of a database of that schema version have no digests yet, or outdated ones."""
    return revision is not None and revision < SEALED_SINCE


def seal_records(connection: Connection, now: datetime) -> int:
    """Append an audit row for each record whose last digest is not what is stored; return their number.

    For the upgrade of a database that kept none, in the transaction that migrated it.
    """
    key, sealed = audit_key(connection), 0
    for subject in COVERED:
        known = _last_digests(connection, subject)
        entries = [
            audit.AuditEntry(subject, identity, SEAL)
            for identity, digest in digests_of(connection, key, subject, identities(connection, subject))
            if known.get(identity, (0, None))[1] != digest
        ]
        audit.record_many(connection, now, None, entries)
        sealed += len(entries)
    return sealed
