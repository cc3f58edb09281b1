"""History of a record, from the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select

from checklist.reading.personal_numbers import masked
from forms_server.db.driver_statements import read
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import account, audit
from forms_server.given_reasons import reasons_of
from forms_server.record_digests import SEAL
from forms_server.records.record import Record


@dataclass(frozen=True)
class HistoryEntry:
    """A change of a record; ``by`` is empty for the command line."""

    at: datetime
    by: str
    action: str
    change: Mapping[str, Any]
    reason: str = ""
    """Why, where a reason was asked for."""


def history(connection: Connection, record: Record) -> Sequence[HistoryEntry]:
    """Return the record's changes, oldest first."""
    return history_of(connection, TABLES[record.form.kind].name, record.id)


def history_of(connection: Connection, subject: str, subject_id: str) -> Sequence[HistoryEntry]:
    """Return the changes of one subject of the audit, oldest first."""
    given: dict[tuple[datetime, str], list[str]] = {}
    for each in reasons_of(connection, subject, [subject_id]):
        given.setdefault((each.at, each.action), []).append(each.reason)

    def reason(at: datetime, action: str) -> str:
        left = given.get((at, action))
        return left.pop(0) if left else ""

    return [
        HistoryEntry(
            row.at,
            row.display_name or row.name or "",
            row.action,
            masked(row.change),
            reason(row.at, row.action),
        )
        for row in read(connection, _CHANGES, {"subject": subject, "id": subject_id})
    ]


_CHANGES = (
    select(audit.c.at, audit.c.action, audit.c.change, account.c.display_name, account.c.name)
    .join_from(audit, account, account.c.id == audit.c.account_id, isouter=True)
    .where(audit.c.subject == bindparam("subject"), audit.c.subject_id == bindparam("id"))
    .where(audit.c.action != SEAL)
    .order_by(audit.c.id)
)
