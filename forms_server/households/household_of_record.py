"""Household of a record: looked up by village and folded name, created if missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite

from checklist.model import Campaign
from checklist.reading.person_names import fold_name
from forms_server import audit
from forms_server.db.tables import household
from forms_server.desk import Desk
from forms_server.households.roster import Household, to_household


@dataclass(frozen=True)
class Identified:
    """The household of a record; ``made`` if this call created it (不在名册)."""

    id: str
    made: bool = False


class SeveralHouseholds(Exception):
    """The name is ambiguous within its village; the user must choose."""

    def __init__(self, households: Sequence[Household]) -> None:
        super().__init__(len(households))
        self.households = tuple(households)


def of_name(
    connection: Connection, campaign_id: str, village_code: str, householder: str
) -> Sequence[Household]:
    """Return a village's households by folded name, listed ones first."""
    asked = {"campaign": campaign_id, "village": village_code, "name": fold_name(householder)}
    return [to_household(row) for row in connection.execute(_OF_NAME, asked).mappings()]


# Built once: runs for every filing.
_OF_NAME = (
    select(household)
    .where(
        household.c.campaign_id == bindparam("campaign"),
        household.c.village_code == bindparam("village"),
        household.c.folded_name == bindparam("name"),
    )
    .order_by(household.c.listed.desc(), household.c.active.desc(), household.c.id)
)


def the_one(ids: Sequence[str], chosen: str | None = None) -> str | None:
    """Disambiguate namesakes, for forms and workbooks alike: the only household, or the chosen one.

    None if there is no such household, or if there are several and none of them is chosen.
    """
    if len(ids) == 1:
        return ids[0]
    return chosen if chosen in ids else None


def identify(
    desk: Desk, columns: Mapping[str, Any], *, chosen: str | None, another: bool
) -> Identified | None:
    """Look up or create the household that a record's columns name; None if they name none.

    Args:
        desk: in a transaction.
        columns: of the record, ``village_code`` and ``householder`` among them.
        chosen: id of the household that the user picked among namesakes.
        another: the user said that it is none of the known ones.

    Raises:
        SeveralHouseholds: the name is ambiguous and none is chosen.
    """
    if not _names_one(columns):
        return None
    same = _same(desk, columns)
    if another or not same:
        return _make(desk, columns, another=another)
    found = the_one([each.id for each in same], chosen)
    if found is None:
        raise SeveralHouseholds(same)
    return Identified(found)


MADE = "make"
"""Audit action of a household created by a record."""


def write_down_made(desk: Desk, household_id: str | None) -> None:
    """Append the audit row of a household created by ``identify``, if any."""
    if household_id:
        audit.record(desk.connection, desk.now, desk.account, household.name, household_id, MADE)


def known_household(desk: Desk, columns: Mapping[str, Any], chosen: str | None) -> str | None:
    """Return the id of an existing household that a record's columns name unambiguously, or that is chosen."""
    return the_one([each.id for each in _same(desk, columns)], chosen) if _names_one(columns) else None


def unlisted_row(
    campaign: Campaign, now: datetime, household_id: str, columns: Mapping[str, Any]
) -> dict[str, Any]:
    """Build the row of an unlisted household; it is excluded from the roster's counts."""
    return {
        "id": household_id,
        "campaign_id": campaign.id,
        "township_code": campaign.township_of_village[columns["village_code"]].code,
        **{name: columns.get(name) for name in ("village_code", "householder", "household_type", "people")},
        "active": False,
        "listed": False,
        "created_at": now,
        "changed_at": now,
    }


def _names_one(columns: Mapping[str, Any]) -> bool:
    return bool(columns.get("village_code") and columns.get("householder"))


def _same(desk: Desk, columns: Mapping[str, Any]) -> Sequence[Household]:
    return of_name(desk.connection, desk.campaign.id, columns["village_code"], columns["householder"])


def _make(desk: Desk, columns: Mapping[str, Any], *, another: bool) -> Identified:
    """Create an unlisted household, or return the one that a concurrent transaction created.

    Ids derive from village and name, so that concurrent inserts conflict instead of duplicating.
    """
    by_name = id_of_name(desk.campaign.id, columns["village_code"], columns["householder"])
    if not another and _insert(desk, by_name, columns):
        return Identified(by_name, made=True)
    there = [] if another else _same(desk, columns)
    if there:
        return Identified(there[0].id)
    made = str(uuid4())  # the id is taken by a household that is called otherwise by now
    _insert(desk, made, columns)
    return Identified(made, made=True)


def id_of_name(campaign_id: str, village_code: str, householder: str) -> str:
    """Derive the id of the first household of a name (UUIDv5); migration 0010 derives the same."""
    return str(uuid5(_NAMESPACE, "\n".join((campaign_id, village_code, fold_name(householder)))))


_NAMESPACE = UUID("6f1f64a4-6e1b-4b8e-9f5c-2f0c5b1d7a10")


def _insert(desk: Desk, household_id: str, columns: Mapping[str, Any]) -> bool:
    row = unlisted_row(desk.campaign, desk.now, household_id, columns)
    return desk.connection.execute(_INSERT[desk.connection.dialect.name], row).first() is not None


# Built once; ON CONFLICT is dialect-specific in SQLAlchemy.
_INSERT = {
    dialect: build(household).on_conflict_do_nothing().returning(household.c.id)
    for dialect, build in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}
