"""Browsers in which an account has signed in: a cookie holds a random token, the table its hash."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, exists, select

from forms_server.accounts.sessions import hash_token
from forms_server.db import tables
from forms_server.db.engine import insert_or

REMEMBERED = timedelta(days=180)

_device = tables.known_device


def known_device(connection: Connection, account_id: str, token: str, at: datetime) -> str | None:
    """Hash of the token if the account has signed in with it; None for an unknown device."""
    if not token:
        return None
    key = hash_token(token)
    query = select(_device.c.used_at).where(_device.c.token_hash == key, _device.c.account_id == account_id)
    used_at = connection.execute(query).scalar()
    return key if used_at is not None and used_at > at - REMEMBERED else None


def is_known_network(connection: Connection, account_id: str, network: str) -> bool:
    """Whether the account has signed in from this network."""
    asked = exists().where(_device.c.account_id == account_id, _device.c.network == network)
    return bool(connection.execute(select(asked)).scalar())


def remember_device(connection: Connection, account_id: str, token: str, network: str, at: datetime) -> str:
    """Remember a browser after a complete sign-in.

    Returns:
        The token for its cookie: the one that it has, if any account has signed in with it, or a new one.
    """
    connection.execute(delete(_device).where(_device.c.used_at <= at - REMEMBERED))
    known = exists().where(_device.c.token_hash == hash_token(token))
    if not token or not connection.execute(select(known)).scalar():
        token = secrets.token_urlsafe(32)
    row = {"network": network, "used_at": at}
    statement = insert_or(connection, _device).values(
        token_hash=hash_token(token), account_id=account_id, **row
    )
    connection.execute(
        statement.on_conflict_do_update(index_elements=[_device.c.token_hash, _device.c.account_id], set_=row)
    )
    return token


def forget_devices(connection: Connection, account_id: str) -> None:
    """Forget all browsers of an account, after a reset by somebody else."""
    connection.execute(delete(_device).where(_device.c.account_id == account_id))
