"""The audit: one row for every change, written in the transaction that changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from forms_server.accounts.account import Account
from forms_server.db import tables


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
        subject: the table of the record that changed.
        subject_id: its id there.
        action: a verb, such as ``create`` or ``report``.
        change: ids of the fields that changed, states from and to; never a name or a password.
    """
    connection.execute(
        insert(tables.audit).values(
            at=at,
            account_id=account.id if account else None,
            unit_code=account.unit_code if account else None,
            subject=subject,
            subject_id=subject_id,
            action=action,
            change=dict(change or {}),
        )
    )


@dataclass(frozen=True)
class Change:
    """What one row says: subject, its id, action and change, as for ``record``."""

    subject: str
    subject_id: str
    action: str
    change: Mapping[str, Any] = field(default_factory=dict)


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
            "action": change.action,
            "change": dict(change.change),
        }
        for change in changes
    ]
    if rows:
        connection.execute(insert(tables.audit), rows)
