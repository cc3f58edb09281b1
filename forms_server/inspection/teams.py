"""Teams, their members and their assignments: each change is the office's, with its audit row; no row is deleted.

Nobody inspects the unit that he belongs to or once belonged to.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import RowMapping, Table, or_, select, update

from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts.account_moves import moves_of
from forms_server.db import tables
from forms_server.db.tables import assignment, team, team_member
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.records.record_rows import insert_once

LONGEST_NAME = 60


class Refused(Exception):
    """What was planned is not possible; the message is for the office."""


@dataclass(frozen=True)
class Days:
    """The first and the last day of an assignment."""

    first: date
    last: date


def form_team(desk: Desk, team_id: str, name: str) -> None:
    """Make a team. Idempotent.

    Raises:
        Refused: no name, or one that another team has.
    """
    _permit(desk)
    clean = " ".join(name.split())
    if not clean or len(clean) > LONGEST_NAME:
        raise Refused(f"请写督导组的名称，不超过 {LONGEST_NAME} 个字，如“第一督导组”。")
    taken = select(team.c.id).where(
        of_campaign(desk), team.c.name == clean, team.c.ended_at.is_(None), team.c.id != team_id
    )
    if desk.connection.execute(taken).first():
        raise Refused(f"已经有“{clean}”了，请换一个名称。")
    row = {"id": team_id, "campaign_id": desk.campaign.id, "name": clean}
    _add(desk, team, row, "created", {"name": clean})


def dissolve(desk: Desk, team_id: str) -> None:
    """End a team with its assignments: what it has done stays, its members no longer see the units."""
    _permit(desk)
    _team(desk, team_id)
    _end(desk, team, team_id, "ended")


def add_member(desk: Desk, team_id: str, account_id: str, *, leads: bool = False) -> None:
    """Take an inspector into a team, or make a member its leader. Idempotent.

    Raises:
        NotFound: no such team or inspector.
        Refused: the team goes to a unit that he belongs or once belonged to.
    """
    _permit(desk)
    _team(desk, team_id)
    account = account_store.find(desk.connection, account_id)
    if account is None or not account.reads_assigned_units or account.disabled:
        raise NotFound(account_id)
    for code in sorted(_assigned(desk, team_id) & units_of_history(desk, account)):
        raise Refused(_own_unit(desk, account, code))
    current = _member(desk, team_id, account_id)
    if current and current["leads"] == leads:
        return
    if current:
        _end(desk, team_member, current["id"], "left")
    stays = f"{account_id} {desk.now.isoformat()} {leads}"
    row = {
        "id": str(uuid5(UUID(team_id), stays)),
        "team_id": team_id,
        "account_id": account_id,
        "leads": leads,
    }
    _add(desk, team_member, row, "added", {"team": team_id, "account": account_id, "leads": leads})


def remove_member(desk: Desk, team_id: str, account_id: str) -> None:
    """Take a member out of a team; the row stays, with who did so and when."""
    _permit(desk)
    current = _member(desk, team_id, account_id)
    if current:
        _end(desk, team_member, current["id"], "left")


def assign(desk: Desk, assignment_id: str, team_id: str, unit_code: str, days: Days) -> None:
    """Send a team to a unit on some days. Idempotent.

    Raises:
        NotFound: no such team or unit.
        Refused: the days are the wrong way round, or a member belongs or once belonged to the unit.
    """
    _permit(desk)
    _team(desk, team_id)
    if unit_code not in {unit.code for unit in desk.campaign.filing_units}:
        raise NotFound(unit_code)
    if days.last < days.first:
        raise Refused("最后一天在第一天前面，请改日期。")
    for account in _members(desk, team_id):
        if unit_code in units_of_history(desk, account):
            raise Refused(_own_unit(desk, account, unit_code))
    if _is_planned(desk, assignment_id, team_id, unit_code, days):
        return
    row = {
        "id": assignment_id,
        "team_id": team_id,
        "unit_code": unit_code,
        "first_day": days.first,
        "last_day": days.last,
    }
    change = {"team": team_id, "unit": unit_code, "days": [days.first.isoformat(), days.last.isoformat()]}
    _add(desk, assignment, row, "created", change)


def _is_planned(desk: Desk, assignment_id: str, team_id: str, unit_code: str, days: Days) -> bool:
    """Whether another page planned the same."""
    column = assignment.c
    same = column.team_id == team_id, column.unit_code == unit_code, column.withdrawn_at.is_(None)
    of_days = column.first_day == days.first, column.last_day == days.last
    query = select(column.id).where(*same, *of_days, column.id != assignment_id)
    return desk.connection.execute(query).first() is not None


def withdraw_assignment(desk: Desk, assignment_id: str) -> None:
    """Take an assignment back; the row stays.

    Raises:
        NotFound: no such assignment.
    """
    _permit(desk)
    query = select(assignment.c.team_id).where(assignment.c.id == assignment_id)
    team_id = desk.connection.execute(query).scalar_one_or_none()
    if team_id is None:
        raise NotFound(assignment_id)
    _team(desk, team_id)
    _end(desk, assignment, assignment_id, "withdrawn")


def units_of_history(desk: Desk, account: Account) -> frozenset[str]:
    """Codes of the units that an account belongs to or once belonged to: by itself, its making, moves and deeds."""
    audited = tables.audit
    acted = select(audited.c.unit_code).where(audited.c.account_id == account.id).distinct()
    made = select(audited.c.change).where(
        audited.c.subject == "account", audited.c.subject_id == account.id, audited.c.action == "create"
    )
    codes = {account.unit_code, *desk.connection.execute(acted).scalars()}
    codes |= {change.get("unit_code") for change in desk.connection.execute(made).scalars()}
    for each in moves_of(desk.connection, account.id):
        codes |= {each.old_code, each.new_code}
    return frozenset(code for code in codes if code)


def require_no_own_unit(desk: Desk, account: Account) -> None:
    """Raise Refused where an account's teams go to a unit that it belongs or once belonged to, as after a move."""
    teams_of = select(team_member.c.team_id).where(
        team_member.c.account_id == account.id, team_member.c.left_at.is_(None)
    )
    rows = desk.connection.execute(
        select(team.c.id, team.c.name).where(
            team.c.id.in_(teams_of), team.c.ended_at.is_(None), of_campaign(desk)
        )
    )
    for row in rows.all():
        for code in sorted(_assigned(desk, row.id) & units_of_history(desk, account)):
            raise Refused(f"{_own_unit(desk, account, code)}先把他调出{row.name}，或者改督导安排，再调单位。")


def of_campaign(desk: Desk) -> Any:
    """Condition: teams of this campaign, and those carried over from before there were teams."""
    return or_(team.c.campaign_id == desk.campaign.id, team.c.campaign_id.is_(None))


def _permit(desk: Desk) -> None:
    if not may_write(desk.account, Action.PLAN, ""):
        raise NotAllowed("督导组和督导安排由办公室定。")


def _own_unit(desk: Desk, account: Account, unit_code: str) -> str:
    unit = desk.campaign.unit_by_code.get(unit_code)
    return (
        f"{account.shown_name}在{unit.name if unit else unit_code}任职或者任过职，不能督导这个单位，请换人。"
    )


def _team(desk: Desk, team_id: str) -> RowMapping:
    """The team, while it is at work."""
    query = select(team).where(team.c.id == team_id, of_campaign(desk), team.c.ended_at.is_(None))
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(team_id)
    return row


def _member(desk: Desk, team_id: str, account_id: str) -> RowMapping | None:
    query = select(team_member).where(
        team_member.c.team_id == team_id,
        team_member.c.account_id == account_id,
        team_member.c.left_at.is_(None),
    )
    return desk.connection.execute(query).mappings().one_or_none()


def _members(desk: Desk, team_id: str) -> list[Account]:
    query = select(team_member.c.account_id).where(
        team_member.c.team_id == team_id, team_member.c.left_at.is_(None)
    )
    found = (
        account_store.find(desk.connection, each) for each in desk.connection.execute(query).scalars().all()
    )
    return [each for each in found if each]


def _assigned(desk: Desk, team_id: str) -> frozenset[str]:
    query = select(assignment.c.unit_code).where(
        assignment.c.team_id == team_id, assignment.c.withdrawn_at.is_(None)
    )
    return frozenset(desk.connection.execute(query).scalars())


def _add(desk: Desk, table: Table, row: Mapping[str, Any], stamp: str, change: Mapping[str, Any]) -> None:
    stamps = {f"{stamp}_by": desk.account.id, f"{stamp}_at": desk.now}
    if insert_once(desk.connection, table, {**row, **stamps}):
        audit.record(desk.connection, desk.now, desk.account, table.name, row["id"], "create", change)
        return
    stored = desk.connection.execute(select(table).where(table.c.id == row["id"])).mappings().one()
    if any(stored[name] != value for name, value in row.items()):
        raise Refused(
            "这一页已经保存过，内容和这次不一样，这次的没有保存。请重新打开这一页，看现在的安排再填。"
        )


def _end(desk: Desk, table: Table, row_id: str, stamp: str) -> None:
    """Stamp the row as ended, once."""
    ends = {f"{stamp}_by": desk.account.id, f"{stamp}_at": desk.now}
    audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [row_id])
    open_row = table.c.id == row_id, table.c[f"{stamp}_at"].is_(None)
    if desk.connection.execute(update(table).where(*open_row).values(ends)).rowcount:
        audit.record(desk.connection, desk.now, desk.account, table.name, row_id, "end")
