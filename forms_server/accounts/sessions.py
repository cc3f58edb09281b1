"""Server-side sessions; their idle time and lifetime are settings by role (``forms_server.account_policy``).

The cookie holds a random token, the table its hash; ending the row ends the session.
"""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from forms_server.account import Account
from forms_server.account_policy import AccountPolicy
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.db import tables
from forms_server.db.driver_statements import read

TOUCH_AFTER = timedelta(minutes=5)
"""Minimal interval between two updates of a session's last use, so that reading pages needs no write."""

_session = tables.session
_account = tables.account


_FIND = (
    select(_session, *ACCOUNT_COLUMNS)
    .join(_account, _account.c.id == _session.c.account_id)
    .where(
        _session.c.token_hash == bindparam("hash"),
        _session.c.expires_at > bindparam("now"),
        _account.c.disabled.is_(False),
    )
)
"""Compiled once: runs on every request."""


@dataclass(frozen=True)
class Session:
    """One sign-in that has not ended."""

    token_hash: str
    csrf_token: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    client: str
    address: str
    seen_as: str | None = None
    """Id of the account as which the office looks on."""
    seen_until: datetime | None = None


def start(
    connection: Connection,
    at: datetime,
    account_id: str,
    lifetime: timedelta,
    client: str,
    address: str = "",
) -> str:
    """Start a session and delete expired ones.

    Returns:
        The token for the cookie (256 random bits); it is stored nowhere else.
    """
    connection.execute(delete(_session).where(_session.c.expires_at <= at))
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": hash_token(token),
        "account_id": account_id,
        "csrf_token": secrets.token_urlsafe(32),
        "created_at": at,
        "seen_at": at,
        "expires_at": at + lifetime,
        "client": client[:200],
        "address": address,
    }
    connection.execute(insert(_session).values(row))
    return token


def find(
    connection: Connection, token: str, at: datetime, policy: AccountPolicy
) -> tuple[Session, Account] | None:
    """Look up the live session of a token with its account; None if it ended or the account is disabled."""
    found = read(connection, _FIND, {"hash": hash_token(token), "now": at})
    if not found:
        return None
    [row] = found
    account = Account.from_row(row)
    return (_session_from(row), account) if row.seen_at > at - policy.idle_of(account.role) else None


def needs_touch(session: Session, account: Account, at: datetime, policy: AccountPolicy) -> bool:
    """Whether the session's last use is to be noted: seldom, but often enough for a short idle time."""
    return at - session.seen_at >= min(TOUCH_AFTER, policy.idle_of(account.role) / 6)


def make_room(connection: Connection, account_id: str, most: int) -> None:
    """End all sessions of an account but the ``most`` that were used last."""
    of_account = _session.c.account_id == account_id
    kept = select(_session.c.token_hash).where(of_account).order_by(_session.c.seen_at.desc()).limit(most)
    hashes = connection.execute(kept).scalars().all()
    connection.execute(delete(_session).where(of_account, _session.c.token_hash.not_in(hashes)))


def touch(connection: Connection, session: Session, at: datetime) -> None:
    """Update the session's last use."""
    connection.execute(update(_session).where(_session.c.token_hash == session.token_hash).values(seen_at=at))


def live(connection: Connection, account: Account, at: datetime, idle: timedelta) -> Sequence[Session]:
    """The account's sessions that have not ended, the last used first."""
    query = (
        select(_session)
        .where(
            _session.c.account_id == account.id, _session.c.expires_at > at, _session.c.seen_at > at - idle
        )
        .order_by(_session.c.seen_at.desc(), _session.c.token_hash)
    )
    return [_session_from(row) for row in connection.execute(query)]


def end(connection: Connection, account: Account, token_hash: str) -> None:
    """End one session of this account; another account's is left alone."""
    connection.execute(
        delete(_session).where(_session.c.account_id == account.id, _session.c.token_hash == token_hash)
    )


def end_all(connection: Connection, account_id: str) -> None:
    """End every session of an account."""
    connection.execute(delete(_session).where(_session.c.account_id == account_id))


def hash_token(token: str) -> str:
    """Hash of the token, as stored."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def _session_from(row: Any) -> Session:
    return Session(
        token_hash=row.token_hash,
        csrf_token=row.csrf_token,
        created_at=row.created_at,
        seen_at=row.seen_at,
        expires_at=row.expires_at,
        client=row.client,
        address=row.address or "",
        seen_as=row.seen_as_id,
        seen_until=row.seen_until,
    )
