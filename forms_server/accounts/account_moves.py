"""Moves of accounts between units, and the units that an account once had: told by the audit, which nobody changes.

What an account filed stays with the unit that it had then.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from checklist.model import Campaign
from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts.account_check import place_faults
from forms_server.db import tables

MOVED = "change-unit"
"""The action of the audit."""

_account, _audit = tables.account, tables.audit


@dataclass(frozen=True)
class NewPlace:
    """The unit to which an account is moved, and the one village of a reporter, if any; checked."""

    unit_code: str
    village_code: str | None = None


@dataclass(frozen=True)
class PastMove:
    """A move that was made."""

    at: datetime
    old_code: str
    new_code: str
    old_village_code: str | None


def check_move(campaign: Campaign, account: Account, *, unit: str, village: str) -> NewPlace | dict[str, str]:
    """Validate where an account is to be moved; collect every error as field to sentence."""
    found = place_faults(campaign, account.role, unit=unit, village=village)
    if isinstance(found, dict):
        return found
    if found == (account.unit_code, account.village_code):
        return {"unit": "这个账号现在就在这里，请选调去的单位"}
    return NewPlace(*found)


def move(
    connection: Connection,
    at: datetime,
    by: Account | None,
    account: Account,
    place: NewPlace,
    asked_by: str | None = None,
) -> None:
    """Move an account, which ends its sessions at once.

    ``by`` is None for the command line; ``asked_by`` is the id of the account that asked, where it takes two.
    """
    audit.note_unfit(connection, at, by, _account.name, [account.id])
    values = {"unit_code": place.unit_code, "village_code": place.village_code}
    connection.execute(update(_account).where(_account.c.id == account.id).values(values))
    account_store.end_sessions(connection, account)
    change = {
        "unit_code": [account.unit_code, place.unit_code],
        "village_code": [account.village_code, place.village_code],
        **({"asked_by": asked_by} if asked_by else {}),
    }
    audit.record(connection, at, by, "account", account.id, MOVED, change)


def place_once(connection: Connection, account_id: str, unit_code: str) -> NewPlace | None:
    """Where in a unit an account was when it last left it; None for a unit that it never left."""
    left = [each for each in moves_of(connection, account_id) if each.old_code == unit_code]
    return NewPlace(unit_code, left[-1].old_village_code) if left else None


def moves_of(connection: Connection, account_id: str) -> Sequence[PastMove]:
    """The moves of an account, the oldest first."""
    query = (
        select(_audit.c.at, _audit.c.change)
        .where(_audit.c.subject == "account", _audit.c.subject_id == account_id, _audit.c.action == MOVED)
        .order_by(_audit.c.id)
    )
    return [_past(row.at, row.change) for row in connection.execute(query)]


def _past(at: datetime, change: Mapping[str, Any]) -> PastMove:
    (old, new), (old_village, _) = change["unit_code"], change["village_code"]
    return PastMove(at, old, new, old_village)
