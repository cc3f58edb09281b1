"""Lists of unfinished and of recent visits."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from checklist.model import RecordForm
from forms_server.db.tables import visit
from forms_server.desk import Desk
from forms_server.visits.visit import Progress
from forms_server.visits.visit_columns import to_values
from forms_server.visits.visit_rounds import in_round
from forms_server.visits.visit_scope import visible_visits

AT_ONCE = 40
"""Maximal number of visits on a page."""


@dataclass(frozen=True)
class ListedVisit:
    """A visit in a list."""

    id: str
    unit_code: str
    household_id: str | None
    values: dict[str, Any] = field(repr=False)
    visited_on: date
    visited_by: str | None
    round: str | None
    state: Progress
    items: int
    answered: int
    problems: int
    changed_at: datetime


def lines(
    desk: Desk, form: RecordForm, state: Progress, village_code: str = "", round_id: str | None = None
) -> Sequence[ListedVisit]:
    """The visits of a form in a state, and round, that the account may see, the last changed first."""
    query = select(visit).where(
        visit.c.campaign_id == desk.campaign.id,
        visit.c.form_id == form.id,
        visit.c.state == state.value,
        in_round(round_id),
        visible_visits(desk.account),
    )
    if village_code:
        query = query.where(visit.c.village_code == village_code)
    return _listed(desk, form, query)


def of_household(desk: Desk, form: RecordForm, household_id: str) -> Sequence[ListedVisit]:
    """The visits of a household that the account may see, the last changed first."""
    query = select(visit).where(visit.c.household_id == household_id, visit.c.form_id == form.id)
    return _listed(desk, form, query.where(visible_visits(desk.account)))


def _listed(desk: Desk, form: RecordForm, query: Select[Any]) -> Sequence[ListedVisit]:
    query = query.order_by(visit.c.changed_at.desc(), visit.c.id).limit(AT_ONCE)
    names = (
        "id",
        "unit_code",
        "household_id",
        "visited_on",
        "visited_by",
        "round",
        "items",
        "answered",
        "problems",
        "changed_at",
    )
    return [
        ListedVisit(
            values=to_values(form, row), state=Progress(row["state"]), **{name: row[name] for name in names}
        )
        for row in desk.connection.execute(query).mappings()
    ]
