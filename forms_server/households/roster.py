"""Households of the roster, as they are stored."""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from checklist.model import RecordForm
from forms_server.db.tables import household
from forms_server.desk import Desk, NotFound
from forms_server.scope import visible_households


@dataclass(frozen=True)
class Household:
    """A household as the roster has it; ``values`` by the field ids of the forms."""

    id: str
    number: str | None
    township_code: str
    village_code: str
    values: dict[str, Any] = field(repr=False)
    active: bool = True
    listed: bool = True
    """False for one that no list brought (不在名册)."""

    @property
    def householder(self) -> str:
        """The householder's name."""
        return str(self.values["householder"])

    def known(self, form: RecordForm) -> dict[str, Any]:
        """What a form asks that the roster knows; not a type in words that the form does not have."""
        return {
            field.id: self.values[field.id]
            for field in form.fields
            if field.id in self.values
            and not (field.choices and self.values[field.id] not in {choice.id for choice in field.choices})
        }


def get(desk: Desk, household_id: str) -> Household:
    """The household of that id, even one that a newer list lacks.

    Raises:
        NotFound: there is none, or it is not one that the account may see.
    """
    query = select(household).where(
        household.c.id == household_id,
        household.c.campaign_id == desk.campaign.id,
        visible_households(desk.campaign, desk.account),
    )
    row = desk.connection.execute(query).mappings().one_or_none()
    if row is None:
        raise NotFound(household_id)
    return to_household(row)


def to_household(row: RowMapping) -> Household:
    """A row as a household."""
    columns = {"township": "township_code", "village": "village_code", "householder": "householder",
               "household_type": "household_type", "people": "people"}  # fmt: skip
    values = {name: row[column] for name, column in columns.items() if row[column] is not None}
    own = ("id", "number", "township_code", "village_code", "active", "listed")
    return Household(values=values, **{name: row[name] for name in own})


def is_listed(connection: Connection, household_id: str | None) -> bool | None:
    """Whether a list brought the household; None where a record names none."""
    query = select(household.c.listed).where(household.c.id == household_id)
    return connection.execute(query).scalar() if household_id else None
