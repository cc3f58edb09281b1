"""What others did to an account, as the audit has it: told at sign-in, and on returns that it signed soon after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, select

from forms_server.accounts import account_store
from forms_server.db import tables

_audit = tables.audit

EVENTS: Mapping[str, str] = {
    "reset": "重置了密码",
    "factor-removed": "重置了动态码",
    "enable": "重新启用了账号",
    "change-unit": "把账号调到了现在的单位",
}
"""Actions of the audit that a person is told of, in words."""

GIVING_ACCESS = ("reset", "factor-removed")
"""Those after which somebody else may have used the account."""

COMMAND_LINE = "服务器上的命令"


@dataclass(frozen=True)
class AccountEvent:
    """What was done to an account by somebody else."""

    at: datetime
    what: str
    by: str
    """Who did it, and who asked for it, by name."""

    @property
    def words(self) -> str:
        """Who did what."""
        return f"{self.by}{self.what}"


def events_of(
    connection: Connection,
    account_id: str,
    since: datetime,
    until: datetime,
    actions: Sequence[str] = tuple(EVENTS),
) -> Sequence[AccountEvent]:
    """What others did to an account after one moment and until another, the newest first."""
    query = (
        select(_audit.c.at, _audit.c.account_id, _audit.c.action, _audit.c.change)
        .where(
            _audit.c.subject == "account",
            _audit.c.subject_id == account_id,
            _audit.c.action.in_(actions),
            _audit.c.at > since,
            _audit.c.at <= until,
            _audit.c.account_id.is_distinct_from(account_id),
        )
        .order_by(_audit.c.id.desc())
    )
    return [
        AccountEvent(
            row.at, EVENTS[row.action], _names(connection, row.change.get("asked_by"), row.account_id)
        )
        for row in connection.execute(query)
    ]


def reset_before(
    connection: Connection, account_id: str, signed_at: datetime, within: timedelta
) -> AccountEvent | None:
    """The last time before a signature when somebody else got access to the account; None if long ago."""
    found = events_of(connection, account_id, signed_at - within, signed_at, GIVING_ACCESS)
    return found[0] if found else None


def _names(connection: Connection, asked_by: str | None, done_by: str | None) -> str:
    done = _name(connection, done_by)
    return f"{_name(connection, asked_by)}申请、{done}确认，" if asked_by else done


def _name(connection: Connection, account_id: str | None) -> str:
    account = account_store.find(connection, account_id) if account_id else None
    return account.shown_name if account else COMMAND_LINE
