"""Households of the roster: one of them, or those that are looked for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import RowMapping, and_, exists, func, select

from checklist.model import RecordForm
from forms_server.db.tables import household, visit
from forms_server.households.household_scope import condition
from forms_server.records.record import Desk, NotFound
from forms_server.visits import visit_scope as visits_scope
from forms_server.visits.visit import Progress

AT_ONCE = 60
"""Households that a page shows; whoever looks for another says more of its name."""


@dataclass(frozen=True)
class Household:
    """A household as the roster has it; ``values`` by the field ids of the forms."""

    id: str
    number: str | None
    township_code: str
    village_code: str
    values: dict[str, Any] = field(repr=False)
    active: bool = True

    @property
    def householder(self) -> str:
        """The householder's name."""
        return str(self.values["householder"])

    def known(self, form: RecordForm) -> dict[str, Any]:
        """What a form asks that the roster knows."""
        return {field.id: self.values[field.id] for field in form.fields if field.id in self.values}


@dataclass(frozen=True)
class ListedHousehold:
    """A household in a list, with the last visit there that the account may see."""

    household: Household
    visit_id: str | None = None
    state: Progress | None = None


@dataclass(frozen=True)
class Sought:
    """What is looked for."""

    village_code: str = ""
    name: str = ""
    """A part of the householder's name."""
    unvisited: bool = False
    """Only those where no visit has been finished."""


def get(desk: Desk, household_id: str) -> Household:
    """The household of that id, even one that a newer list lacks.

    Raises:
        NotFound: there is none, or it is not one that the account may see.
    """
    query = select(household).where(
        household.c.id == household_id,
        household.c.campaign_id == desk.campaign.id,
        condition(desk.campaign, desk.account),
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(household_id)
    return to_household(row)


def search(desk: Desk, form: RecordForm, sought: Sought) -> tuple[Sequence[ListedHousehold], int]:
    """The first households that are looked for, by village and name, and how many there are in all.

    Args:
        desk: who looks.
        form: of the visits that are told beside them.
        sought: what is looked for.
    """
    wanted = [
        household.c.campaign_id == desk.campaign.id,
        household.c.active,
        condition(desk.campaign, desk.account),
    ]
    if sought.village_code:
        wanted.append(household.c.village_code == sought.village_code)
    if sought.name:
        wanted.append(household.c.householder.contains(sought.name, autoescape=True))
    ours = and_(
        visit.c.household_id == household.c.id,
        visit.c.form_id == form.id,
        visits_scope.condition(desk.account),
    )
    if sought.unvisited:
        wanted.append(~exists().where(ours, visit.c.state == Progress.FINISHED.value))
    count = desk.connection.execute(select(func.count()).select_from(household).where(*wanted)).scalar_one()
    query = select(household).where(*wanted).limit(AT_ONCE)
    order = (household.c.village_code, household.c.householder, household.c.id)
    found = [to_household(row) for row in desk.connection.execute(query.order_by(*order)).mappings()]
    last = _last_visits(desk, form, [each.id for each in found])
    return [ListedHousehold(each, *last.get(each.id, (None, None))) for each in found], count


def to_household(row: RowMapping) -> Household:
    """A row as a household."""
    columns = {"township": "township_code", "village": "village_code", "householder": "householder",
               "household_type": "household_type", "people": "people"}  # fmt: skip
    values = {name: row[column] for name, column in columns.items() if row[column] is not None}
    own = ("id", "number", "township_code", "village_code", "active")
    return Household(values=values, **{name: row[name] for name in own})


def _last_visits(desk: Desk, form: RecordForm, ids: Sequence[str]) -> dict[str, tuple[str, Progress]]:
    """The last visit of each household that the account may see; an open one goes before the finished ones."""
    if not ids:
        return {}
    query = (
        select(visit.c.household_id, visit.c.id, visit.c.state)
        .where(
            visit.c.household_id.in_(ids),
            visit.c.form_id == form.id,
            visits_scope.condition(desk.account),
        )
        .order_by((visit.c.state == Progress.OPEN.value), visit.c.changed_at)
    )
    return {row.household_id: (row.id, Progress(row.state)) for row in desk.connection.execute(query)}
