"""Search of households by village and name, with their last visits in the present round."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from checklist.model import RecordForm
from forms_server import scope
from forms_server.db.tables import household, visit
from forms_server.desk import Desk
from forms_server.households.roster import Household, to_household
from forms_server.visits.visit import Progress
from forms_server.visits.visit_rounds import in_round, round_on
from forms_server.visits.visit_scope import visible_visits

AT_ONCE = 60
"""Result limit; longer queries narrow the search."""


SHORTEST_NAME = 2
"""Characters of a name by which a county unit looks for a household."""


@dataclass(frozen=True)
class ListedHousehold:
    """A household in a list, with this round's last visit there that the account may see."""

    household: Household
    visit_id: str | None = None
    state: Progress | None = None


@dataclass(frozen=True)
class Sought:
    """Search criteria."""

    village_code: str = ""
    name: str = ""
    """A part of the householder's name."""
    unvisited: bool = False
    """Only those where no visit has been finished in this round."""


def search(desk: Desk, form: RecordForm, sought: Sought) -> tuple[Sequence[ListedHousehold], int]:
    """Search households by village and name; returns the first ones and the total.

    Args:
        desk: who looks.
        form: of the visits shown beside them.
        sought: the search criteria.
    """
    if is_too_wide(desk, sought):
        return (), 0
    wanted = _wanted(desk)
    if sought.village_code:
        wanted.append(household.c.village_code == sought.village_code)
    if sought.name:
        wanted.append(household.c.householder.contains(sought.name, autoescape=True))
    ours = and_(
        visit.c.household_id == household.c.id,
        visit.c.form_id == form.id,
        in_round(round_on(desk.campaign, desk.now.date())),
        visible_visits(desk.account),
    )
    if sought.unvisited:
        wanted.append(~exists().where(ours, visit.c.state == Progress.FINISHED.value))
    count = desk.connection.execute(select(func.count()).select_from(household).where(*wanted)).scalar_one()
    return _listed(desk, form, wanted, AT_ONCE), count


def of_villages(
    desk: Desk, form: RecordForm, villages: Collection[str], limit: int
) -> Sequence[ListedHousehold]:
    """The households of some villages that the account sees, up to a limit; none for those shown no lists."""
    if scope.looks_up_households(desk.campaign, desk.account):
        return []
    return _listed(desk, form, [*_wanted(desk), household.c.village_code.in_(sorted(villages))], limit)


def _wanted(desk: Desk) -> list[ColumnElement[bool]]:
    return [
        household.c.campaign_id == desk.campaign.id,
        household.c.active.in_([True, False]),  # true of all, but without it no index by place serves
        or_(household.c.active, ~household.c.listed),
        scope.visible_households(desk.campaign, desk.account),
    ]


def _listed(
    desk: Desk, form: RecordForm, wanted: Sequence[ColumnElement[bool]], limit: int
) -> list[ListedHousehold]:
    query = select(household).where(*wanted).limit(limit)
    order = (household.c.village_code, household.c.householder, household.c.id)
    found = [to_household(row) for row in desk.connection.execute(query.order_by(*order)).mappings()]
    last = _last_visits(desk, form, [each.id for each in found])
    return [ListedHousehold(each, *last.get(each.id, (None, None))) for each in found]


def is_too_wide(desk: Desk, sought: Sought) -> bool:
    """Whether a county unit has named no householder: it finds those at whom it is, and is shown no list of names."""
    return len(sought.name) < SHORTEST_NAME and scope.looks_up_households(desk.campaign, desk.account)


def _last_visits(desk: Desk, form: RecordForm, ids: Sequence[str]) -> dict[str, tuple[str, Progress]]:
    """Each household's last visit of this round that the account may see; open ones first."""
    if not ids:
        return {}
    query = (
        select(visit.c.household_id, visit.c.id, visit.c.state)
        .where(
            visit.c.household_id.in_(ids),
            visit.c.form_id == form.id,
            in_round(round_on(desk.campaign, desk.now.date())),
            visible_visits(desk.account),
        )
        .order_by((visit.c.state == Progress.OPEN.value), visit.c.changed_at)
    )
    return {row.household_id: (row.id, Progress(row.state)) for row in desk.connection.execute(query)}
