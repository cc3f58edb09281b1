"""Rows of the audit for those who read it: who, when, what, from where; newest first, without names of householders."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from checklist.reading.personal_numbers import masked
from forms_server.db.tables import account, audit

ROWS_A_PAGE = 100
_AT_ONCE = 5_000


@dataclass(frozen=True)
class AuditFilter:
    """Which rows are asked for.

    Attributes:
        since, until: days, both included.
        by: sign-in name of the account that did it.
        subject, action: as the audit has them.
        subject_id: identity of one record.
        before: the row's number must be smaller (keyset pagination).
    """

    since: date | None = None
    until: date | None = None
    by: str = ""
    subject: str = ""
    action: str = ""
    subject_id: str = ""
    before: int | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """The SQL conditions."""
        row = audit.c
        if self.since:
            yield row.at >= datetime.combine(self.since, time())
        if self.until:
            yield row.at < datetime.combine(self.until, time()) + timedelta(days=1)
        if self.by:
            yield account.c.name == self.by
        for column, value in ((row.subject, self.subject), (row.action, self.action)):
            if value:
                yield column == value
        if self.subject_id:
            yield row.subject_id == self.subject_id
        if self.before:
            yield row.id < self.before


@dataclass(frozen=True)
class ListedAudit:
    """One row."""

    id: int
    at: datetime
    by: str
    """Sign-in name; empty for the command line and for visitors."""
    person: str
    unit_code: str | None
    subject: str
    subject_id: str
    action: str
    change: Mapping[str, Any]
    address: str


def audit_page(connection: Connection, asked: AuditFilter) -> tuple[Sequence[ListedAudit], bool]:
    """A page of rows, the newest first, and whether there are older ones."""
    rows = [*_read(connection, asked, ROWS_A_PAGE + 1)]
    return rows[:ROWS_A_PAGE], len(rows) > ROWS_A_PAGE


def all_rows(connection: Connection, asked: AuditFilter) -> Iterator[ListedAudit]:
    """Stream all rows that are asked for, the newest first."""
    yield from _read(connection, asked, None)


def _read(connection: Connection, asked: AuditFilter, most: int | None) -> Iterator[ListedAudit]:
    columns = [
        audit.c[name] for name in ("id", "at", "unit_code", "subject", "subject_id", "action", "change")
    ]
    query = (
        select(*columns, audit.c.address, account.c.name, account.c.display_name)
        .join_from(audit, account, account.c.id == audit.c.account_id, isouter=True)
        .where(*asked.conditions())
        .order_by(audit.c.id.desc())
        .limit(most)
    )
    with connection.execute(query.execution_options(yield_per=_AT_ONCE)) as found:
        for row in found:
            yield ListedAudit(
                row.id, row.at, row.name or "", row.display_name or "", row.unit_code, row.subject,
                row.subject_id, row.action, masked(row.change), row.address or "",
            )  # fmt: skip
