"""Calendars to subscribe to: an address with a secret, of which the table holds the hash, and which can be revoked."""

import secrets
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from forms_server import audit
from forms_server.account import Account
from forms_server.accounts.sessions import hash_token
from forms_server.db.tables import account as accounts
from forms_server.db.tables import calendar_feed


def renew(connection: Connection, at: datetime, account: Account) -> str:
    """A new secret for the account's calendar (256 random bits), stored nowhere; the one before ends."""
    end(connection, at, account)
    token = secrets.token_urlsafe(32)
    row = {"account_id": account.id, "token_hash": hash_token(token), "created_at": at}
    connection.execute(insert(calendar_feed).values(row))
    audit.record(connection, at, account, "account", account.id, "calendar")
    return token


def end(connection: Connection, at: datetime, account: Account) -> None:
    """End the account's calendar, wherever somebody subscribed to it."""
    ended = connection.execute(delete(calendar_feed).where(calendar_feed.c.account_id == account.id))
    if ended.rowcount:
        audit.record(connection, at, account, "account", account.id, "calendar-end")


def since(connection: Connection, account: Account) -> datetime | None:
    """Since when the account has a calendar; None where it has none."""
    query = select(calendar_feed.c.created_at).where(calendar_feed.c.account_id == account.id)
    return connection.execute(query).scalar()


def owner(connection: Connection, token: str) -> Account | None:
    """Whose calendar a secret opens; None where it is nobody's, or the account is disabled."""
    query = (
        select(accounts)
        .join(calendar_feed, calendar_feed.c.account_id == accounts.c.id)
        .where(calendar_feed.c.token_hash == hash_token(token), accounts.c.disabled.is_(False))
    )
    row = connection.execute(query).one_or_none()
    return Account.from_row(row) if row else None
