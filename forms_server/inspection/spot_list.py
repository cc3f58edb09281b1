"""What a team looks at: what was drawn in its units, from its first day there on; the office sees all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Table, select

from build_scripts.sampling.stratified_draw import Drawn, DrawnKind
from checklist.model import Unit
from forms_server.blind_looks import out_of_sight
from forms_server.db.tables import household, issue, spot_check, spot_visit
from forms_server.desk import Desk
from forms_server.inspection.draws import draws, read, to_look_at
from forms_server.inspection.inspection_plan import begun_units
from forms_server.scope import sees_all


@dataclass(frozen=True)
class SpotHousehold:
    """A household to look at."""

    draw_id: str
    id: str
    householder: str
    household_type: str | None
    people: int | None
    village_code: str
    why: str
    """A mark, or ``BY_LOT``; empty for one that stands in for another."""


@dataclass(frozen=True)
class SpotIssue:
    """An issue that was reported rectified, to be looked at."""

    draw_id: str
    id: str
    form_id: str
    title: str
    village_code: str | None
    state: str
    waits_for: str | None = None
    """Id of the household that the account has to look at first, blind: until then the title is its name only."""


@dataclass(frozen=True)
class SpotUnit:
    """What is looked at in one unit."""

    unit: Unit
    villages: Sequence[str]
    households: Sequence[SpotHousehold]
    issues: Sequence[SpotIssue]


def spot_units(desk: Desk) -> list[SpotUnit]:
    """The units with something to look at, in the campaign's order."""
    units = _units_now(desk)
    drawn = [(row["id"], each) for row in draws(desk) if row["drawn_at"]
             for each in to_look_at(read(desk, row["id"])).values()]  # fmt: skip
    seen: dict[tuple[DrawnKind, str], tuple[str, Drawn]] = {}
    for draw_id, each in drawn:  # what several draws name is looked at once
        seen.setdefault((each.candidate.kind, each.candidate.id), (draw_id, each))
    waiting = _waiting(desk)
    households = _rows(desk, household, [each for kind, each in seen if kind is DrawnKind.HOUSEHOLD])
    issues = _rows(desk, issue, [each for kind, each in seen if kind is DrawnKind.ISSUE])
    found = []
    for unit in desk.campaign.filing_units:
        own = [pair for pair in seen.values() if unit.code in units and _unit_of(desk, pair[1]) == unit.code]
        if own:
            villages = [each.candidate.id for _, each in own if each.candidate.kind is DrawnKind.VILLAGE]
            found.append(
                SpotUnit(
                    unit, sorted(villages), _of_households(own, households), _of_issues(own, issues, waiting)
                )
            )
    return found


def looked_at(desk: Desk) -> frozenset[str]:
    """Ids of the households and issues that a team has looked at."""
    ids: set[str] = set()
    for table, column in ((spot_visit, spot_visit.c.household_id), (spot_check, spot_check.c.issue_id)):
        query = select(column).where(table.c.campaign_id == desk.campaign.id)
        ids.update(desk.connection.execute(query).scalars())
    return frozenset(ids)


def names_of_households(desk: Desk, ids: Sequence[str]) -> Mapping[str, str]:
    """Householders by the household's id."""
    return {row_id: row.householder for row_id, row in _rows(desk, household, ids).items()}


class StillBlind(Exception):
    """The account has still to look at the issue's household, without what the unit wrote about it."""

    def __init__(self, household_id: str) -> None:
        super().__init__(household_id)
        self.household_id = household_id


def require_looked_at(desk: Desk, issue_id: str) -> None:
    """Raise StillBlind where the household of an issue waits for the account's look."""
    hidden = out_of_sight(issue, desk.account)
    if hidden is not None:
        query = select(issue.c.household_id).where(issue.c.id == issue_id, hidden)
        if household_id := desk.connection.execute(query).scalar():
            raise StillBlind(household_id)


def count_waiting(desk: Desk, unit_code: str) -> int:
    """Number of drawn households of a unit at which nobody has looked."""
    done = looked_at(desk)
    every = (
        each for row in draws(desk) if row["drawn_at"] for each in to_look_at(read(desk, row["id"])).values()
    )
    return len(
        {
            each.candidate.id
            for each in every
            if each.candidate.kind is DrawnKind.HOUSEHOLD
            and each.candidate.id not in done
            and _unit_of(desk, each) == unit_code
        }
    )


def _units_now(desk: Desk) -> frozenset[str]:
    if sees_all(desk.account):
        return frozenset(unit.code for unit in desk.campaign.filing_units)
    return begun_units(desk)


def _unit_of(desk: Desk, drawn: Drawn) -> str:
    if drawn.candidate.kind is not DrawnKind.HOUSEHOLD:
        return drawn.candidate.group
    township = desk.campaign.township_of_village.get(drawn.candidate.group)
    return township.code if township else ""


_Rows = Mapping[str, Row[Any]]


def _rows(desk: Desk, table: Table, ids: Sequence[str]) -> _Rows:
    if not ids:  # SQLite would read the whole table
        return {}
    query = select(table).where(table.c.campaign_id == desk.campaign.id, table.c.id.in_(ids))
    return {row.id: row for row in desk.connection.execute(query)}


def _of_households(own: Sequence[tuple[str, Drawn]], rows: _Rows) -> list[SpotHousehold]:
    found = [
        SpotHousehold(
            draw_id, row.id, row.householder, row.household_type, row.people, row.village_code, each.why
        )
        for draw_id, each in own
        if each.candidate.kind is DrawnKind.HOUSEHOLD and (row := rows.get(each.candidate.id)) is not None
    ]
    return sorted(found, key=lambda each: (each.village_code, each.householder, each.id))


def _waiting(desk: Desk) -> frozenset[str]:
    """Ids of the households at which the account has still to look blind."""
    hidden = out_of_sight(issue, desk.account)
    if hidden is None:
        return frozenset()
    query = select(issue.c.household_id).where(issue.c.campaign_id == desk.campaign.id, hidden)
    return frozenset(each for each in desk.connection.scalars(query.distinct()) if each)


def _of_issues(own: Sequence[tuple[str, Drawn]], rows: _Rows, waiting: Collection[str]) -> list[SpotIssue]:
    found = [
        SpotIssue(
            draw_id,
            row.id,
            row.form_id,
            " ".join(filter(None, (row.householder, "" if row.household_id in waiting else row.content))),
            row.village_code,
            row.state,
            row.household_id if row.household_id in waiting else None,
        )
        for draw_id, each in own
        if each.candidate.kind is DrawnKind.ISSUE and (row := rows.get(each.candidate.id)) is not None
    ]
    return sorted(found, key=lambda each: (each.village_code or "", each.id))
