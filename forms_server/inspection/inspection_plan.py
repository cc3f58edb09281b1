"""Who inspects which unit when: the plan as values, for page, paper and calendar."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from checklist.model import Unit
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.db.tables import assignment, team, team_member
from forms_server.desk import Desk
from forms_server.inspection.teams import of_campaign
from forms_server.scope import sees_all


@dataclass(frozen=True)
class Member:
    """A member of a team; ``left_at`` for one who was."""

    account: Account
    leads: bool
    added_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class Assignment:
    """A team's assignment; ``withdrawn_at`` for one that was taken back. Without days: at any time."""

    id: str
    team_id: str
    unit: Unit
    first: date | None
    last: date | None
    created_at: datetime
    withdrawn_at: datetime | None

    def begun(self, today: date) -> bool:
        """Whether its first day has come."""
        return self.first is None or self.first <= today


@dataclass(frozen=True)
class Team:
    """A team that is at work, with members and assignments, those of the past apart."""

    id: str
    name: str
    members: Sequence[Member]
    former: Sequence[Member]
    assignments: Sequence[Assignment]
    withdrawn: Sequence[Assignment]

    @property
    def leaders(self) -> str:
        """Names of its leaders."""
        return "、".join(each.account.shown_name for each in self.members if each.leads)

    @property
    def people(self) -> str:
        """Names of its members, leaders first."""
        ordered = sorted(self.members, key=lambda each: not each.leads)
        return "、".join(each.account.shown_name for each in ordered)


def teams(desk: Desk) -> Sequence[Team]:
    """The teams at work that the account may see: all for the office, its own for an inspector."""
    query = select(team).where(of_campaign(desk), team.c.ended_at.is_(None)).order_by(team.c.name, team.c.id)
    rows = desk.connection.execute(query).all()
    ids = [row.id for row in rows]
    members, planned = _members(desk, ids), _assignments(desk, ids)
    found = [
        Team(
            row.id,
            row.name,
            [each for each in members.get(row.id, ()) if each.left_at is None],
            [each for each in members.get(row.id, ()) if each.left_at],
            [each for each in planned if each.team_id == row.id and each.withdrawn_at is None],
            [each for each in planned if each.team_id == row.id and each.withdrawn_at],
        )
        for row in rows
    ]
    if sees_all(desk.account):
        return found
    return [each for each in found if desk.account.id in {member.account.id for member in each.members}]


def without_team(desk: Desk, planned: Sequence[Team]) -> Sequence[Unit]:
    """Townships to which no team with members goes."""
    visited = {each.unit.code for team in planned if team.members for each in team.assignments}
    return [unit for unit in desk.campaign.units.townships if unit.code not in visited]


def begun_units(desk: Desk) -> frozenset[str]:
    """Codes of the units to which a team of the account has been sent, from the first day on."""
    today, account_id = desk.now.date(), desk.account.id
    return frozenset(
        each.unit.code
        for team in teams(desk)
        if account_id in {member.account.id for member in team.members}
        for each in team.assignments
        if each.begun(today)
    )


def _members(desk: Desk, ids: Sequence[str]) -> dict[str, list[Member]]:
    query = select(team_member).where(team_member.c.team_id.in_(ids)).order_by(team_member.c.added_at)
    accounts = {each.id: each for each in account_store.all_accounts(desk.connection)}
    found: dict[str, list[Member]] = {}
    for row in desk.connection.execute(query):
        member = Member(accounts[row.account_id], row.leads, row.added_at, row.left_at)
        found.setdefault(row.team_id, []).append(member)
    return found


def _assignments(desk: Desk, ids: Sequence[str]) -> list[Assignment]:
    query = select(assignment).where(assignment.c.team_id.in_(ids))
    query = query.order_by(assignment.c.first_day, assignment.c.unit_code)
    units = desk.campaign.unit_by_code
    return [
        Assignment(
            row.id,
            row.team_id,
            units[row.unit_code],
            row.first_day,
            row.last_day,
            row.created_at,
            row.withdrawn_at,
        )
        for row in desk.connection.execute(query)
        if row.unit_code in units
    ]
