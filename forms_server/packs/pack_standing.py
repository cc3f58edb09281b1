"""Which browsers have a field pack, when they last reached the server, and what has to be deleted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Connection, RowMapping, or_, select, update

from forms_server import audit
from forms_server.access import FILERS, TAKERS
from forms_server.account import Account
from forms_server.db.tables import account, field_pack, team, team_member
from forms_server.desk import Desk, NotAllowed
from forms_server.records.record_rows import insert_once
from forms_server.scope import in_township, sees_all

DAYS = 7
"""A pack is deleted after so many days; what is newer has to be fetched."""

WRONG_TRIES = 5
"""A pack is deleted after so many wrong PINs in a row."""

MOST_WAITING = 9999


class Ended(StrEnum):
    """Why a pack is no more."""

    REPLACED = "replaced"
    SIGNED_OUT = "signed-out"
    WRONG_PIN = "wrong-pin"
    AGED = "aged"
    REVOKED = "revoked"


ENDED_WORDS: Mapping[Ended, str] = {
    Ended.REPLACED: "已换新的",
    Ended.SIGNED_OUT: "退出登录，已删除",
    Ended.WRONG_PIN: f"口令错了 {WRONG_TRIES} 次，已删除",
    Ended.AGED: f"满 {DAYS} 天，已删除",
    Ended.REVOKED: "已收回",
}


@dataclass(frozen=True)
class PackedPhone:
    """A browser that has a pack, or entries of one that it has not sent."""

    id: str
    unit_code: str
    person: str
    browser: str
    households: int
    made_at: datetime
    told_at: datetime
    waiting: int
    ended: Ended | None

    def is_silent(self, now: datetime) -> bool:
        """Whether it has not reached the server for a day."""
        return now - self.told_at >= timedelta(days=1)


def may_take(desk: Desk) -> bool:
    """Whether the account works in villages: county units find households by name only, and take no lists along."""
    if desk.account.role in FILERS:
        return in_township(desk.campaign, desk.account)
    return desk.account.reads_assigned_units


def take_along(desk: Desk, pack_id: str, browser: str, households: int, rows: int = 0) -> None:
    """Write down that a browser makes a pack of households and of rows of registers. Idempotent.

    Raises:
        NotAllowed: the account takes none along, or the id is another account's pack.
    """
    if not may_take(desk):
        raise NotAllowed("只有乡镇、村的填报人和督导组能带走外带包。")
    row = {
        "id": pack_id,
        "campaign_id": desk.campaign.id,
        "account_id": desk.account.id,
        "browser": browser[:60],
        "households": households,
        "made_at": desk.now,
        "told_at": desk.now,
        "waiting": 0,
    }
    if insert_once(desk.connection, field_pack, row):
        change = {"households": households, "rows": rows}
        audit.record(desk.connection, desk.now, desk.account, field_pack.name, pack_id, "take_along", change)
        return
    owner = select(field_pack.c.account_id).where(field_pack.c.id == pack_id, field_pack.c.ended_at.is_(None))
    if desk.connection.execute(owner).scalar_one_or_none() != desk.account.id:
        raise NotAllowed("这个外带包已经不能用了，请重新带走。")


def is_known(connection: Connection, pack_id: str) -> bool:
    """Whether a browser has taken a pack of that id along."""
    return connection.execute(select(field_pack.c.id).where(field_pack.c.id == pack_id)).first() is not None


def contact(connection: Connection, now: datetime, pack_id: str, waiting: int | None, ended: str) -> bool:
    """Write down what a browser tells of its pack; returns whether it may keep it.

    Args:
        connection: a transaction.
        now: when.
        pack_id: of the pack; unknown ones are to be deleted.
        waiting: entries that it has not sent; None where it cannot tell, since another account is signed in.
        ended: an ``Ended`` where the browser has deleted it; anything else says that it has not.
    """
    row = connection.execute(_with_owner().where(field_pack.c.id == pack_id)).mappings().one_or_none()
    if row is None:
        return False
    values: dict[str, Any] = {"told_at": now}
    if waiting is not None:
        values["waiting"] = max(0, min(waiting, MOST_WAITING))
    if ended in set(Ended) and row["ended_at"] is None:
        values |= {"ended_at": now, "ended_why": ended}
    connection.execute(update(field_pack).where(field_pack.c.id == pack_id).values(values))
    stands = row["ended_at"] is None and now - row["made_at"] < timedelta(days=DAYS)
    return stands and not row["disabled"] and _is_at_work(connection, row)


def _is_at_work(connection: Connection, owner: RowMapping) -> bool:
    """Whether a pack's owner files, or belongs to a team: who left his team keeps no names of where it goes."""
    if owner["role"] in FILERS or owner["role"] not in TAKERS:
        return owner["role"] in FILERS
    of_team = team_member.c.account_id == owner["account_id"], team_member.c.left_at.is_(None)
    query = select(team.c.id).join(team_member, team_member.c.team_id == team.c.id)
    return connection.execute(query.where(*of_team, team.c.ended_at.is_(None)).limit(1)).first() is not None


def revoke(connection: Connection, now: datetime, by: Account | None, account_id: str) -> int:
    """Have an account's packs deleted as soon as their browsers reach the server; returns how many there are.

    ``by`` is None for the command line.
    """
    standing = field_pack.c.account_id == account_id, field_pack.c.ended_at.is_(None)
    ids = connection.execute(select(field_pack.c.id).where(*standing)).scalars().all()
    values = {"ended_at": now, "ended_why": Ended.REVOKED.value}
    connection.execute(update(field_pack).where(*standing).values(values))
    for pack_id in ids:
        audit.record(connection, now, by, field_pack.name, pack_id, "revoke", {"account": account_id})
    return len(ids)


def with_packs(connection: Connection, now: datetime) -> frozenset[str]:
    """Ids of the accounts that have a pack."""
    young = field_pack.c.made_at > now - timedelta(days=DAYS)
    query = select(field_pack.c.account_id).where(field_pack.c.ended_at.is_(None), young)
    return frozenset(connection.execute(query).scalars())


def phones(desk: Desk) -> Sequence[PackedPhone]:
    """Browsers with a pack, or with entries left from one; of the own unit, or all for the office.

    Those that have been silent longest come first.
    """
    young = field_pack.c.ended_at.is_(None) & (field_pack.c.made_at > desk.now - timedelta(days=DAYS))
    wanted = [field_pack.c.campaign_id == desk.campaign.id, or_(young, field_pack.c.waiting > 0)]
    if not sees_all(desk.account):
        wanted.append(account.c.unit_code == desk.account.unit_code)
    query = _with_owner().where(*wanted).order_by(field_pack.c.told_at, field_pack.c.id)
    return [_phone(row, desk.now) for row in desk.connection.execute(query).mappings()]


def _with_owner() -> Any:
    columns = account.c.unit_code, account.c.name, account.c.display_name, account.c.disabled, account.c.role
    return select(field_pack, *columns).join(account, account.c.id == field_pack.c.account_id)


def _phone(row: RowMapping, now: datetime) -> PackedPhone:
    names = ("id", "unit_code", "browser", "households", "made_at", "told_at", "waiting")
    aged = Ended.AGED if now - row["made_at"] >= timedelta(days=DAYS) else None
    ended = Ended(row["ended_why"]) if row["ended_why"] else aged
    return PackedPhone(
        person=row["display_name"] or row["name"], ended=ended, **{name: row[name] for name in names}
    )
