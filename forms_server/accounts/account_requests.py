"""Changes of accounts that two people make: one asks, another one confirms.

Whoever resets a principal's password could sign in his place, and whoever makes an account of the office reads all.
The command line of the server counts as the second person; it asks nobody, and stands in the audit.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, insert, select, update

from forms_server import audit
from forms_server.access import MANAGERS, SIGNERS
from forms_server.account import Account, Role
from forms_server.accounts import account_store
from forms_server.accounts.account_moves import NewPlace, move
from forms_server.accounts.account_store import NewAccount
from forms_server.accounts.second_factor import remove_factor
from forms_server.db import tables

VALID = timedelta(days=7)
"""How long a request waits for the second person."""

_request = tables.account_request


class AccountChange(StrEnum):
    """What is asked for."""

    RESET = "reset"
    CREATE = "create"
    ENABLE = "enable"
    REMOVE_FACTOR = "factor-removed"
    MOVE = "change-unit"


CHANGE_NAMES: Mapping[AccountChange, str] = {
    AccountChange.RESET: "重置密码",
    AccountChange.CREATE: "新建账号",
    AccountChange.ENABLE: "重新启用",
    AccountChange.REMOVE_FACTOR: "重置动态码",
    AccountChange.MOVE: "调单位",
}


class NotTheSecond(Exception):
    """Who asked cannot confirm."""


class NoSuchRequest(Exception):
    """It was decided already, or is too old; or its account is not there any more."""


@dataclass(frozen=True)
class AccountRequest:
    """A change that waits for a second person."""

    id: str
    change: AccountChange
    account: Account | None
    """Whom it is about; None for an account that is to be made."""
    new: NewAccount | None
    asked_by: Account
    asked_at: datetime
    place: NewPlace | None = None
    """Where an account is to be moved."""


def takes_two(change: AccountChange, role: Role, unit_roles: Collection[Role] = ()) -> bool:
    """Whether a change of an account needs a second person.

    Args:
        change: what is to be done.
        role: of the account.
        unit_roles: of the accounts that its unit has; a second principal could sign in the first one's place.
    """
    match change:
        case AccountChange.REMOVE_FACTOR:
            return True
        case AccountChange.CREATE:
            return role in MANAGERS or (role in SIGNERS and role in unit_roles)
        case _:
            return role in MANAGERS | SIGNERS


def ask(connection: Connection, at: datetime, by: Account, change: AccountChange, account: Account) -> str:
    """Ask for a change of an account; asking again while it waits changes nothing. Returns the request's id."""
    for waiting in open_requests(connection, at):
        if waiting.change is change and waiting.account and waiting.account.id == account.id:
            return waiting.id
    return _store(connection, at, by, change, {"account_id": account.id})


def ask_move(connection: Connection, at: datetime, by: Account, account: Account, place: NewPlace) -> str:
    """Ask for a move of an account; another one that waits is withdrawn by whoever asked."""
    for waiting in open_requests(connection, at):
        if waiting.place and waiting.account and waiting.account.id == account.id:
            if waiting.place == place:
                return waiting.id
            _decide(connection, at, by, waiting, "withdraw" if waiting.asked_by.id == by.id else "refuse")
    details = {"unit_code": place.unit_code, "village_code": place.village_code}
    return _store(connection, at, by, AccountChange.MOVE, {"account_id": account.id, "details": details})


def ask_new(connection: Connection, at: datetime, by: Account, new: NewAccount) -> str:
    """Ask for a new account.

    Raises:
        NameTaken: another account has the name, or is asked for.
    """
    waiting = {each.new.name for each in open_requests(connection, at) if each.new}
    if new.name in waiting or account_store.find_by_name(connection, new.name):
        raise account_store.NameTaken(new.name)
    described = {
        "name": new.name, "unit_code": new.unit_code, "role": new.role.value,
        "village_code": new.village_code, "display_name": new.display_name,
    }  # fmt: skip
    return _store(connection, at, by, AccountChange.CREATE, {"details": described})


def open_requests(connection: Connection, at: datetime) -> Sequence[AccountRequest]:
    """The requests that wait, oldest first."""
    live = _request.c.outcome.is_(None), _request.c.asked_at > at - VALID
    rows = connection.execute(
        select(_request).where(*live).order_by(_request.c.asked_at, _request.c.id)
    ).all()
    return [found for row in rows if (found := _request_of(connection, row))]


def confirm(
    connection: Connection, at: datetime, by: Account, request_id: str, one_use_hash: str
) -> tuple[AccountRequest, Account]:
    """Make the change as the second person.

    Args:
        connection: a transaction.
        at: when.
        by: who confirms.
        request_id: from the list.
        one_use_hash: of the one-use password of a reset or a new account.

    Returns:
        The request, and the account as it is now.

    Raises:
        NoSuchRequest, NotTheSecond: why not.
        NameTaken: another account has got the name meanwhile.
    """
    request = _waiting(connection, at, request_id)
    if request.asked_by.id == by.id:
        raise NotTheSecond
    _decide(connection, at, by, request, "confirm")
    account_id = _make(connection, at, by, request, one_use_hash)
    account = account_store.find(connection, account_id)
    assert account
    return request, account


def refuse(connection: Connection, at: datetime, by: Account, request_id: str) -> AccountRequest:
    """Refuse a request; who asked withdraws it so.

    Raises:
        NoSuchRequest: it was decided already.
    """
    request = _waiting(connection, at, request_id)
    _decide(connection, at, by, request, "withdraw" if request.asked_by.id == by.id else "refuse")
    return request


def _make(
    connection: Connection, at: datetime, by: Account, request: AccountRequest, one_use_hash: str
) -> str:
    asked_by = request.asked_by.id
    if request.change is AccountChange.CREATE:
        assert request.new
        return account_store.add(connection, at, by, request.new, one_use_hash, asked_by=asked_by)
    account = request.account
    assert account
    if request.change is AccountChange.RESET:
        account_store.set_password(connection, at, by, account, one_use_hash, one_use=True, asked_by=asked_by)
    elif request.place:
        move(connection, at, by, account, request.place, asked_by)
    elif request.change is AccountChange.ENABLE:
        account_store.set_disabled(connection, at, by, account, disabled=False, asked_by=asked_by)
    else:
        reset_factor(connection, at, by, account, asked_by)
    return account.id


def reset_factor(
    connection: Connection, at: datetime, by: Account | None, account: Account, asked_by: str | None = None
) -> bool:
    """Remove an account's second factor for it, and end its sessions. Whether it had one."""
    had = remove_factor(connection, account.id)
    if had:
        account_store.end_sessions(connection, account)
        change = {"asked_by": asked_by} if asked_by else {}
        action = AccountChange.REMOVE_FACTOR.value
        audit.record(connection, at, by, "account", account.id, action, change, alters=False)
    return had


def _store(
    connection: Connection, at: datetime, by: Account, change: AccountChange, what: Mapping[str, Any]
) -> str:
    row = {"id": str(uuid.uuid4()), "change": change.value, "asked_by": by.id, "asked_at": at, **what}
    connection.execute(insert(_request).values(row))
    said = {"change": change.value, **({"account": what["account_id"]} if "account_id" in what else {})}
    audit.record(connection, at, by, _request.name, row["id"], "ask", said)
    return str(row["id"])


def _decide(connection: Connection, at: datetime, by: Account, request: AccountRequest, outcome: str) -> None:
    decided = {"outcome": outcome, "decided_by": by.id, "decided_at": at}
    audit.note_unfit(connection, at, by, _request.name, [request.id])
    connection.execute(update(_request).where(_request.c.id == request.id).values(decided))
    audit.record(connection, at, by, _request.name, request.id, outcome, {"change": request.change.value})


def _waiting(connection: Connection, at: datetime, request_id: str) -> AccountRequest:
    for request in open_requests(connection, at):
        if request.id == request_id:
            return request
    raise NoSuchRequest(request_id)


def _request_of(connection: Connection, row: Any) -> AccountRequest | None:
    asked_by = account_store.find(connection, row.asked_by)
    account = account_store.find(connection, row.account_id) if row.account_id else None
    if asked_by is None or (row.account_id and account is None):
        return None
    change = AccountChange(row.change)
    if change is AccountChange.MOVE:
        place = NewPlace(**row.details)
        return AccountRequest(row.id, change, account, None, asked_by, row.asked_at, place)
    new = NewAccount(**row.details | {"role": Role(row.details["role"])}) if row.details else None
    return AccountRequest(row.id, change, account, new, asked_by, row.asked_at)
