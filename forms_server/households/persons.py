"""Persons whom rows of registers are about: by a key where a list had a number, else by household and folded name.

Members whom the roster lists are persons, too (``listed_members``).

Names alone never join two households: what fits several persons is left open.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, delete, exists, insert, select, update

from build_scripts.intake.person_marks import PersonMark
from checklist.reading.person_names import fold_name
from forms_server.db.tables import person, register_row

_person = person.c


def identify_person(
    connection: Connection,
    campaign_id: str,
    now: datetime,
    named: Mapping[str, str | None],
    mark: PersonMark | None,
) -> str | None:
    """Return the id of the person whom a row names, known or made; None where nobody can tell.

    Args:
        connection: a transaction.
        campaign_id: the campaign's.
        now: when.
        named: ``household_id`` and ``name``.
        mark: of the number that the list had.
    """
    name, household_id = named["name"], named["household_id"]
    if not name:
        return None
    same = _of_name(connection, household_id, name) if household_id else []
    if mark is None:
        if len(same) == 1:
            return str(same[0]["id"])
        return None if same or not household_id else _make(connection, campaign_id, now, named, None)
    known = _of_key(connection, campaign_id, mark.key)
    if known is None:
        unnumbered = [each for each in same if each["person_key"] is None]
        known = unnumbered[0] if len(unnumbered) == 1 else None
    if known is None:
        return _make(connection, campaign_id, now, named, mark)
    _learn(connection, now, known, mark)
    return str(known["id"])


def keys_of_persons(connection: Connection, ids: Sequence[str]) -> dict[str, str]:
    """Return the keys of those of some persons who have one."""
    found: dict[str, str] = {}
    for start in range(0, len(ids), _AT_ONCE):
        some = _person.id.in_(ids[start : start + _AT_ONCE]), _person.person_key.is_not(None)
        found |= {row.id: row.person_key for row in connection.execute(select(person).where(*some))}
    return found


_AT_ONCE = 500


def members_of(connection: Connection, household_id: str) -> list[str]:
    """Return the names of a household's persons, each once; not of those whom the roster lists no more."""
    here = _person.household_id == household_id, _person.folded_name.is_not(None)
    query = select(_person.name).where(*here, _person.listed.is_not(False))
    return sorted(set(connection.scalars(query)))


def forget_unnamed(connection: Connection, campaign_id: str) -> None:
    """Delete the persons whom no row is about any more, with their keys; of those whom a roster listed, the key alone.

    A roster tells names; what a list's number told of them goes with its last row.
    """
    named = exists().where(register_row.c.person_id == _person.id)
    unnamed = _person.campaign_id == campaign_id, ~named
    connection.execute(delete(person).where(*unnamed, _person.listed.is_(None)))
    told = {"person_key": None, "from_age": None, "age_on": None}
    connection.execute(update(person).where(*unnamed, _person.person_key.is_not(None)).values(told))


def forget_all_keys(connection: Connection) -> None:
    """Forget every key: no list can match them under a new secret."""
    connection.execute(update(person).values(person_key=None))


def _of_name(connection: Connection, household_id: str, name: str) -> Sequence[Mapping[str, Any]]:
    here = _person.household_id == household_id, _person.folded_name == fold_name(name)
    return connection.execute(select(person).where(*here).order_by(_person.id)).mappings().all()  # type: ignore[return-value]


def _of_key(connection: Connection, campaign_id: str, key: str) -> Mapping[str, Any] | None:
    mine = _person.campaign_id == campaign_id, _person.person_key == key
    return connection.execute(select(person).where(*mine)).mappings().first()  # type: ignore[return-value]


def _learn(connection: Connection, now: datetime, known: Mapping[str, Any], mark: PersonMark) -> None:
    """Note what a number tells of a known person: the key, and the newer band of ages."""
    if known["person_key"] == mark.key and (known["from_age"], known["age_on"]) >= (mark.from_age, mark.on):
        return
    told = {"person_key": mark.key, "from_age": mark.from_age, "age_on": mark.on, "changed_at": now}
    connection.execute(update(person).where(_person.id == known["id"]).values(told))


def _make(
    connection: Connection,
    campaign_id: str,
    now: datetime,
    named: Mapping[str, str | None],
    mark: PersonMark | None,
) -> str:
    made = str(uuid4())
    row = {
        "id": made,
        "campaign_id": campaign_id,
        "household_id": named["household_id"],
        "name": named["name"],
        "folded_name": fold_name(str(named["name"])),
        "person_key": mark.key if mark else None,
        "from_age": mark.from_age if mark else None,
        "age_on": mark.on if mark else None,
        "created_at": now,
        "changed_at": now,
    }
    connection.execute(insert(person), row)
    return made
