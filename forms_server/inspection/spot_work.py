"""What teams really did on the spot: where they were, what they looked at of the draw, and what beside it.

A plan is no visit: a unit, village or team counts only by a sheet, a check or a finding of somebody who was there.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from sqlalchemy import RowMapping, Select, and_, func, select

from forms_server.db.tables import inspection_finding, issue, spot_check, spot_visit
from forms_server.desk import Desk
from forms_server.inspection.draws import on_lists
from forms_server.inspection.inspection_plan import Team


@dataclass(frozen=True)
class Presence:
    """Somebody was there: the account, and codes of the unit and village; no village for a unit's own work."""

    account_id: str
    unit_code: str
    village_code: str | None


@dataclass(frozen=True)
class SpotWork:
    """Work on the spot; what was looked at as drawn does not count again as looked at beside the draw."""

    presences: Sequence[Presence]
    households: frozenset[str]
    households_beside: frozenset[str]
    issues: frozenset[str]
    issues_beside: frozenset[str]

    @property
    def units(self) -> frozenset[str]:
        """Codes of the units that were visited."""
        return frozenset(each.unit_code for each in self.presences)

    @property
    def villages(self) -> frozenset[str]:
        """Codes of the villages that were visited."""
        return frozenset(each.village_code for each in self.presences if each.village_code)

    def units_of(self, team: Team) -> Sequence[str]:
        """Codes of the units to which a team was sent and in which one of its members was, in the plan's order."""
        people = {each.account.id for each in (*team.members, *team.former)}
        been = {each.unit_code for each in self.presences if each.account_id in people}
        sent = (each.unit.code for each in (*team.assignments, *team.withdrawn))
        return [code for code in dict.fromkeys(sent) if code in been]


def spot_work(desk: Desk) -> SpotWork:
    """The work of all teams of the campaign."""
    visits = _rows(
        desk,
        select(
            spot_visit.c.household_id.label("subject"),
            spot_visit.c.draw_id,
            spot_visit.c.created_by,
            spot_visit.c.unit_code,
            spot_visit.c.village_code,
        ).where(spot_visit.c.campaign_id == desk.campaign.id),
    )
    lies_in = func.coalesce(issue.c.township_code, issue.c.unit_code).label("unit_code")
    checks = _rows(
        desk,
        select(
            spot_check.c.issue_id.label("subject"),
            spot_check.c.draw_id,
            spot_check.c.created_by,
            lies_in,
            issue.c.village_code,
        )
        .join(issue, issue.c.id == spot_check.c.issue_id)
        .where(spot_check.c.campaign_id == desk.campaign.id),
    )
    of_no_household = and_(inspection_finding.c.visit_id.is_(None), inspection_finding.c.check_id.is_(None))
    general = _rows(
        desk,
        select(inspection_finding.c.created_by, lies_in, issue.c.village_code)
        .join(issue, issue.c.id == inspection_finding.c.issue_id)
        .where(inspection_finding.c.campaign_id == desk.campaign.id, of_no_household),
    )
    listed = on_lists(desk)
    households, issues = _drawn(visits, listed), _drawn(checks, listed)
    return SpotWork(
        list(_presences([*visits, *checks, *general])),
        households,
        frozenset(row["subject"] for row in visits) - households,
        issues,
        frozenset(row["subject"] for row in checks) - issues,
    )


def _rows(desk: Desk, query: Select[tuple[object, ...]]) -> Sequence[RowMapping]:
    return desk.connection.execute(query).mappings().all()


def _drawn(rows: Sequence[RowMapping], listed: AbstractSet[str]) -> frozenset[str]:
    return frozenset(row["subject"] for row in rows if row["draw_id"] or row["subject"] in listed)


def _presences(rows: Sequence[RowMapping]) -> Iterator[Presence]:
    for row in rows:
        yield Presence(row["created_by"], row["unit_code"], row["village_code"])
