"""Entries of disabled accounts: held for the office, which takes them in or refuses them; none gets lost."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, select, update

from checklist.model import Campaign
from checklist.reading.personal_numbers import masked
from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts.account_moves import place_once
from forms_server.db.tables import late_entry, late_file
from forms_server.desk import Desk, NotFound
from forms_server.records.record_rows import insert_once

MOST_HELD = 200
"""Entries of one account that are held at a time."""


class LateState(StrEnum):
    """What became of a late entry."""

    HELD = "held"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True)
class LateFile:
    """A photograph that came along."""

    field: str
    file_name: str
    content: bytes


@dataclass(frozen=True)
class LateEntry:
    """A post that a browser kept and sent too late.

    Attributes:
        action: path and query that it was to be posted to.
        typed: names and texts, in the form's order.
        typed_at: by the browser's clock.
        unit_code: for which it was typed, as the browser says; empty where it does not say.
    """

    id: str
    title: str
    action: str
    typed: Sequence[tuple[str, str]]
    typed_at: datetime
    files: Sequence[LateFile] = ()
    unit_code: str = ""


@dataclass(frozen=True)
class HeldEntry:
    """A late entry as the office sees it, with who typed it, in the unit where he was then."""

    entry: LateEntry
    account: Account
    received_at: datetime
    photos: int


class TooMany(Exception):
    """The account has ``MOST_HELD`` entries waiting."""


def hold(connection: Connection, campaign: Campaign, at: datetime, by: Account, entry: LateEntry) -> None:
    """Store a late entry, personal numbers masked. Idempotent by its id.

    Raises:
        TooMany: the account has as many as it may have.
    """
    waiting = select(func.count()).where(
        late_entry.c.account_id == by.id, late_entry.c.state == LateState.HELD.value
    )
    row = {
        "id": entry.id,
        "campaign_id": campaign.id,
        "account_id": by.id,
        "title": str(masked(entry.title))[:200],
        "action": _numberless_address(entry.action),
        "typed": masked([list(pair) for pair in entry.typed]),
        "typed_at": entry.typed_at,
        "unit_code": _left_unit(connection, by, entry.unit_code),
        "received_at": at,
        "state": LateState.HELD.value,
    }
    if connection.execute(waiting).scalar_one() >= MOST_HELD:
        raise TooMany
    if not insert_once(connection, late_entry, row):
        return
    for position, file in enumerate(entry.files):
        name = str(masked(file.file_name))[-200:]
        values = {"field": str(masked(file.field))[:120], "file_name": name, "content": file.content}
        connection.execute(insert(late_file).values(entry_id=entry.id, position=position, **values))
    audit.record(connection, at, by, late_entry.name, entry.id, "hold", {"to": LateState.HELD.value})


_BETWEEN = re.compile("([/?&=])")


def _numberless_address(address: str) -> str:
    """Mask personal numbers in an address; ids stay as they are, so that the entry can be taken in."""
    return "".join(str(masked(part)) for part in _BETWEEN.split(address))


def held(desk: Desk, most: int) -> tuple[Sequence[HeldEntry], int]:
    """The entries that wait for the office, oldest first and without their files, and how many there are."""
    photos = select(func.count()).where(late_file.c.entry_id == late_entry.c.id).scalar_subquery()
    query = (
        select(late_entry, photos.label("photos"))
        .where(_waiting(desk))
        .order_by(late_entry.c.received_at, late_entry.c.id)
    )
    rows = desk.connection.execute(query.limit(most)).all()
    number = desk.connection.execute(select(func.count()).where(_waiting(desk))).scalar_one()
    return [
        HeldEntry(_entry(row, ()), _author(desk.connection, row), row.received_at, row.photos) for row in rows
    ], number


def get_held(desk: Desk, entry_id: str) -> HeldEntry:
    """An entry that waits, with its files.

    Raises:
        NotFound: there is none, or it is decided.
    """
    query = select(late_entry).where(_waiting(desk), late_entry.c.id == entry_id)
    row = desk.connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(entry_id)
    query_files = select(late_file).where(late_file.c.entry_id == entry_id).order_by(late_file.c.position)
    files = [
        LateFile(each.field, each.file_name, each.content) for each in desk.connection.execute(query_files)
    ]
    return HeldEntry(_entry(row, files), _author(desk.connection, row), row.received_at, len(files))


def decide(desk: Desk, entry_id: str, state: LateState, reason: str | None = None) -> None:
    """Write down what the office did with an entry, and delete its files.

    Raises:
        NotFound: there is none, or it is decided.
    """
    stamps = {"decided_by": desk.account.id, "decided_at": desk.now, "reason": reason}
    audit.note_unfit(desk.connection, desk.now, desk.account, late_entry.name, [entry_id])
    statement = update(late_entry).where(_waiting(desk), late_entry.c.id == entry_id)
    if desk.connection.execute(statement.values(state=state.value, **stamps)).rowcount != 1:
        raise NotFound(entry_id)
    desk.connection.execute(delete(late_file).where(late_file.c.entry_id == entry_id))
    change = {"from": LateState.HELD.value, "to": state.value}
    audit.record(desk.connection, desk.now, desk.account, late_entry.name, entry_id, "decide", change)


def _waiting(desk: Desk) -> ColumnElement[bool]:
    return (late_entry.c.campaign_id == desk.campaign.id) & (late_entry.c.state == LateState.HELD.value)


def _entry(row: Row[Any], files: Sequence[LateFile]) -> LateEntry:
    typed = [(str(name), str(text)) for name, text in row.typed]
    return LateEntry(row.id, row.title, row.action, typed, row.typed_at, files, row.unit_code or "")


def _left_unit(connection: Connection, by: Account, unit_code: str) -> str | None:
    """A unit that the account has left; None where it is there now, or never was: browsers may say anything."""
    if unit_code == by.unit_code or place_once(connection, by.id, unit_code) is None:
        return None
    return unit_code


def _author(connection: Connection, row: Row[Any]) -> Account:
    found = account_store.find(connection, row.account_id)
    assert found is not None  # accounts are never deleted
    then = place_once(connection, found.id, row.unit_code) if row.unit_code else None
    return replace(found, unit_code=then.unit_code, village_code=then.village_code) if then else found
