"""Calendar feeds: revocable secret URLs, of which the table holds a hash."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from forms_server import audit
from forms_server.account import Account
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.accounts.sessions import hash_token
from forms_server.db.tables import account as accounts
from forms_server.db.tables import calendar_feed


def renew(connection: Connection, at: datetime, account: Account) -> str:
    """Rotate the secret of the account's feed (256 random bits, stored as a hash only)."""
    end(connection, at, account)
    token = secrets.token_urlsafe(32)
    row = {"account_id": account.id, "token_hash": hash_token(token), "created_at": at}
    connection.execute(insert(calendar_feed).values(row))
    audit.record(connection, at, account, "account", account.id, "calendar", alters=False)
    return token


def end(connection: Connection, at: datetime, account: Account) -> None:
    """Revoke the account's feed for all subscribers."""
    ended = connection.execute(delete(calendar_feed).where(calendar_feed.c.account_id == account.id))
    if ended.rowcount:
        audit.record(connection, at, account, "account", account.id, "calendar-end", alters=False)


def since(connection: Connection, account: Account) -> datetime | None:
    """Time at which the feed was created; None without a feed."""
    query = select(calendar_feed.c.created_at).where(calendar_feed.c.account_id == account.id)
    return connection.execute(query).scalar()


def owner(connection: Connection, token: str) -> Account | None:
    """Look up the account of a feed's secret; None if unknown or disabled."""
    query = (
        select(*ACCOUNT_COLUMNS)
        .join(calendar_feed, calendar_feed.c.account_id == accounts.c.id)
        .where(calendar_feed.c.token_hash == hash_token(token), accounts.c.disabled.is_(False))
    )
    row = connection.execute(query).one_or_none()
    return Account.from_row(row) if row else None
