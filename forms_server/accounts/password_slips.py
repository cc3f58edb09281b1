"""Bulk creation of accounts, with one-use passwords on printable slips: a reporter for each village."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine

from checklist.model import Campaign, Unit, Village
from checklist.reading.affixes import without_endings
from forms_server.account import ROLE_NAMES, Account, Role
from forms_server.accounts import account_store
from forms_server.accounts.account_check import KINDS
from forms_server.accounts.account_requests import AccountChange, takes_two
from forms_server.accounts.account_store import NewAccount
from forms_server.db.engine import transaction

OF_A_UNIT = (Role.PRINCIPAL, Role.REPORTER, Role.DEPARTMENT)
"""Roles that every unit of a fitting kind must staff."""


@dataclass(frozen=True)
class Slip:
    """A printable slip for one person."""

    account: Account
    password: str


@dataclass(frozen=True)
class SlipSheet:
    """The slips, and the names that were taken meanwhile."""

    slips: tuple[Slip, ...]
    taken: tuple[str, ...]


def lacking(campaign: Campaign, unit: Unit, accounts: Collection[Account]) -> list[NewAccount]:
    """The accounts that a unit still lacks: one of each role that it needs, and a reporter for each village."""
    there = {(each.role, each.village_code) for each in accounts if each.unit_code == unit.code}
    roles = [role for role in OF_A_UNIT if campaign.kind_of(unit) in KINDS[role]]
    of_unit = [NewAccount(f"{unit.name}{ROLE_NAMES[role]}", unit.code, role) for role in roles]
    names = _short_names(campaign, unit.villages)
    of_villages = [
        NewAccount(f"{unit.name}{name}", unit.code, Role.REPORTER, village.code)
        for village, name in zip(unit.villages, names, strict=True)
    ]
    return [each for each in (*of_unit, *of_villages) if (each.role, each.village_code) not in there]


def unused(unit: Unit, accounts: Collection[Account]) -> list[Account]:
    """Accounts of the unit with an unused one-use password whose slips one person can reissue."""
    mine = (each for each in accounts if each.unit_code == unit.code)
    return [
        each
        for each in mine
        if each.must_change_password and not each.disabled and not takes_two(AccountChange.RESET, each.role)
    ]


def issue(
    engine: Engine, at: datetime, by: Account, new: Sequence[NewAccount], again: Sequence[Account]
) -> SlipSheet:
    """Create accounts and reset unused one-use passwords; the plain text is only in the returned sheet.

    Args:
        engine: of the database.
        at: when.
        by: who does it.
        new: accounts to create; those whose name is taken are skipped and listed.
        again: accounts to reset, unless their one-use password has been used meanwhile.
    """
    # Hashed outside the transaction: each takes 50 ms, during which the write lock would block others.
    ready = [account_store.hash_one_use() for _ in (*new, *again)]
    made: list[Slip] = []
    taken: list[str] = []
    with transaction(engine) as connection:
        for account, (password, password_hash) in zip(new, ready, strict=False):
            if account_store.find_by_name(connection, account.name):
                taken.append(account.name)
                continue
            found = account_store.find(
                connection, account_store.add(connection, at, by, account, password_hash)
            )
            assert found
            made.append(Slip(found, password))
        for old, (password, password_hash) in zip(again, ready[len(new) :], strict=True):
            fresh = account_store.find(connection, old.id)
            if fresh and fresh.must_change_password and not fresh.disabled:
                account_store.set_password(connection, at, by, fresh, password_hash, one_use=True)
                made.append(Slip(fresh, password))
    return SlipSheet(tuple(made), tuple(taken))


def _short_names(campaign: Campaign, villages: Sequence[Village]) -> list[str]:
    """Village names without their common suffix, where they stay unique."""
    names = campaign.reading.names
    short = [without_endings(village.name, (*names.villages, *names.communities)) for village in villages]
    alike = Counter(short)
    return [
        brief if brief and alike[brief] == 1 else village.name
        for brief, village in zip(short, villages, strict=True)
    ]
