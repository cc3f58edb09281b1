"""看作: the office looks on as another account, to answer a telephone call; for minutes, and without writing."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, update

from forms_server import audit
from forms_server.access import SEEN
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts.sessions import Session
from forms_server.db import tables

LASTS = timedelta(minutes=15)

WHILE_LOOKING_ON = frozenset({"accounts.end_seeing", "auth.sign_out"})
"""Endpoints that the office uses as itself while it looks on as another account."""

NOT_LOOKED_AT = frozenset(
    {
        "auth.password_page", "auth.factor_page", "auth.name_page", "auth.session_list", "reminders.feed",
        "outbox.index", "packs.index", "packs.workbook",
    }
)  # fmt: skip
"""Pages that are an account's own affair, which the office does not see while it looks on."""

_session = tables.session


class NotToBeSeen(Exception):
    """The office does not look on as this account: it sees what the office must not, or is disabled."""


def see_as(
    connection: Connection, at: datetime, viewer: Account, session: Session, account_id: str
) -> Account:
    """Let a session look on as another account; the audit names both.

    Raises:
        NotToBeSeen: no such account, or none as which anybody looks on.
    """
    account = account_store.find(connection, account_id)
    if account is None or account.disabled or account.role not in SEEN:
        raise NotToBeSeen(account_id)
    until = at + LASTS
    _set(connection, session, account.id, until)
    change = {"until": until.isoformat(timespec="minutes")}
    audit.record(connection, at, viewer, "account", account.id, "see-as", change, alters=False)
    return account


def end_seeing(connection: Connection, at: datetime, viewer: Account, session: Session) -> None:
    """Let the session be its own account's again."""
    if session.seen_as:
        _set(connection, session, None, None)
        audit.record(connection, at, viewer, "account", session.seen_as, "see-as-end", alters=False)


def seen(connection: Connection, at: datetime, session: Session) -> Account | None:
    """The account as which a session looks on; None if it does not, or its time is over."""
    if session.seen_as is None or session.seen_until is None or session.seen_until <= at:
        return None
    account = account_store.find(connection, session.seen_as)
    if account is None or account.disabled or account.role not in SEEN:
        return None
    # What the account itself would be asked for first, its viewer is not.
    return replace(account, must_change_password=False)


def _set(connection: Connection, session: Session, account_id: str | None, until: datetime | None) -> None:
    same = _session.c.token_hash == session.token_hash
    connection.execute(update(_session).where(same).values(seen_as_id=account_id, seen_until=until))
