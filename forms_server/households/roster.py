"""Stored households: dataclass and lookup."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from checklist.model import RecordForm
from forms_server.db.tables import household
from forms_server.desk import Desk, NotFound
from forms_server.scope import visible_households

_AT_ONCE = 500


@dataclass(frozen=True)
class Household:
    """A stored household; ``values`` by the forms' field ids."""

    id: str
    number: str | None
    township_code: str
    village_code: str
    values: dict[str, Any] = field(repr=False)
    active: bool = True
    listed: bool = True
    """False for a household created by a record (不在名册)."""

    @property
    def householder(self) -> str:
        """The householder's name."""
        return str(self.values["householder"])

    def known(self, form: RecordForm) -> dict[str, Any]:
        """Return the known values of a form's fields, without choices that the form lacks."""
        return {
            field.id: self.values[field.id]
            for field in form.fields
            if field.id in self.values
            and not (field.choices and self.values[field.id] not in {choice.id for choice in field.choices})
        }


def get(desk: Desk, household_id: str) -> Household:
    """Return a household by id, inactive ones included.

    Raises:
        NotFound: there is none, or the account may not see it.
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
    """Convert a database row."""
    columns = {"township": "township_code", "village": "village_code", "householder": "householder",
               "household_type": "household_type", "people": "people"}  # fmt: skip
    values = {name: row[column] for name, column in columns.items() if row[column] is not None}
    own = ("id", "number", "township_code", "village_code", "active", "listed")
    return Household(values=values, **{name: row[name] for name in own})


def is_listed(connection: Connection, household_id: str | None) -> bool | None:
    """Whether the household is listed; None if the record names none."""
    query = select(household.c.listed).where(household.c.id == household_id)
    return connection.execute(query).scalar() if household_id else None


def numbers_of(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the numbers of those of some households that have one."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = household.c.id.in_(ids[start : start + _AT_ONCE]), household.c.number.is_not(None)
        query = select(household.c.id, household.c.number).where(*some)
        found |= {row.id: row.number for row in connection.execute(query)}
    return found
