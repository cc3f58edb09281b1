"""Repository of accounts."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from forms_server import audit
from forms_server.account import Account, Role
from forms_server.accounts import passwords, sessions
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.accounts.known_devices import forget_devices
from forms_server.accounts.sign_in_throttle import clear_name
from forms_server.db import tables

_account = tables.account


class NameTaken(Exception):
    """Another account has this name."""


@dataclass(frozen=True)
class NewAccount:
    """An account to be made; its values have been checked."""

    name: str
    unit_code: str
    role: Role
    village_code: str | None = None
    display_name: str = ""


def find(connection: Connection, account_id: str) -> Account | None:
    """The account with this id."""
    row = connection.execute(select(*ACCOUNT_COLUMNS).where(_account.c.id == account_id)).one_or_none()
    return Account.from_row(row) if row else None


def find_by_name(connection: Connection, name: str) -> Account | None:
    """The account with this sign-in name."""
    row = connection.execute(select(*ACCOUNT_COLUMNS).where(_account.c.name == name)).one_or_none()
    return Account.from_row(row) if row else None


def all_accounts(connection: Connection) -> Sequence[Account]:
    """Every account, by unit and name."""
    rows = connection.execute(select(*ACCOUNT_COLUMNS).order_by(_account.c.unit_code, _account.c.name))
    return [Account.from_row(row) for row in rows]


def any_account(connection: Connection) -> bool:
    """Whether any account exists."""
    return connection.execute(select(_account.c.id).limit(1)).first() is not None


def units_with_accounts(connection: Connection) -> frozenset[str]:
    """Codes of the units with at least one enabled account."""
    rows = connection.execute(select(_account.c.unit_code).where(_account.c.disabled.is_(False)).distinct())
    return frozenset(rows.scalars())


def add(  # noqa: PLR0913, PLR0917 - who makes what, when, and at whose request
    connection: Connection,
    at: datetime,
    by: Account | None,
    new: NewAccount,
    password_hash: str,
    must_change_password: bool = True,
    asked_by: str | None = None,
) -> str:
    """Make an account.

    Args:
        connection: a transaction.
        at: when.
        by: who makes it; None for the command line.
        new: its checked values.
        password_hash: from :func:`passwords.hash_password`, made before the transaction since it takes long.
        must_change_password: whether the password is a one-use one.
        asked_by: id of the account that asked for it, where it takes two.

    Returns:
        Its id.

    Raises:
        NameTaken: where another account has the name.
    """
    account_id = str(uuid.uuid4())
    row = {
        "id": account_id,
        "name": new.name,
        "display_name": new.display_name,
        "unit_code": new.unit_code,
        "village_code": new.village_code,
        "role": new.role.value,
        "password_hash": password_hash,
        "must_change_password": must_change_password,
        "password_set_at": at,
        "disabled": False,
        "created_at": at,
    }
    try:
        connection.execute(insert(_account).values(row))
    except IntegrityError as error:
        raise NameTaken(new.name) from error
    change = {"unit_code": new.unit_code, "role": new.role.value, **_asked(asked_by)}
    audit.record(connection, at, by, "account", account_id, "create", change)
    return account_id


def set_password(  # noqa: PLR0913, PLR0917 - as above
    connection: Connection,
    at: datetime,
    by: Account | None,
    account: Account,
    password_hash: str,
    one_use: bool,
    asked_by: str | None = None,
) -> None:
    """Replace the password and end all sessions of the account; also resets the sign-in throttle.

    ``asked_by`` is the id of the account that asked for a reset which takes two.
    """
    audit.note_unfit(connection, at, by, _account.name, [account.id])
    values = {"password_hash": password_hash, "must_change_password": one_use, "password_set_at": at}
    connection.execute(update(_account).where(_account.c.id == account.id).values(values))
    end_sessions(connection, account)
    clear_name(connection, account.name)
    if one_use:
        forget_devices(connection, account.id)
    audit.record(
        connection, at, by, "account", account.id, "reset" if one_use else "password", _asked(asked_by)
    )


def _asked(asked_by: str | None) -> dict[str, str]:
    return {"asked_by": asked_by} if asked_by else {}


def end_sessions(connection: Connection, account: Account) -> None:
    """End all sessions of an account, and sign-ins that wait for its second factor."""
    sessions.end_all(connection, account.id)
    pending = tables.pending_sign_in
    connection.execute(delete(pending).where(pending.c.account_id == account.id))


def set_display_name(connection: Connection, at: datetime, account: Account, display_name: str) -> None:
    """Store the account's display name; earlier signatures keep their name."""
    if display_name == account.display_name:
        return
    audit.note_unfit(connection, at, account, _account.name, [account.id])
    connection.execute(update(_account).where(_account.c.id == account.id).values(display_name=display_name))
    change = {"display_name": [account.display_name, display_name]}
    audit.record(connection, at, account, "account", account.id, "name", change)


def set_disabled(
    connection: Connection,
    at: datetime,
    by: Account | None,
    account: Account,
    disabled: bool,
    asked_by: str | None = None,
) -> None:
    """Disable an account, which ends its sessions at once, or enable it again."""
    audit.note_unfit(connection, at, by, _account.name, [account.id])
    connection.execute(update(_account).where(_account.c.id == account.id).values(disabled=disabled))
    if disabled:
        end_sessions(connection, account)
    action = "disable" if disabled else "enable"
    audit.record(connection, at, by, "account", account.id, action, _asked(asked_by))


def hash_one_use() -> tuple[str, str]:
    """A new one-use password and its hash."""
    password = passwords.one_use()
    return password, passwords.hash_password(password)
