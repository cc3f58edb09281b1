"""Members of households as a roster by person lists them: their names are offered where a member is named.

Who is listed no more stays known, as a household that a list lacks does, and is offered no more.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, bindparam, insert, select, update

from build_scripts.intake.roster_members import ListedMembers
from forms_server.db.tables import person

_person = person.c
_AT_ONCE = 500


class MemberChange(NamedTuple):
    """A person whom a list makes a member, or leaves out."""

    id: str
    made: bool
    """Whether nobody knew the person before."""
    before: bool | None
    """Whether it was listed; None of one who never was."""
    listed: bool


def listed_names(connection: Connection, campaign_id: str) -> dict[str, dict[str, str]]:
    """The names of a campaign's listed members by folded name, by household."""
    query = select(_person.household_id, _person.folded_name, _person.name).where(
        _person.campaign_id == campaign_id, _person.listed, _person.folded_name.is_not(None)
    )
    found: dict[str, dict[str, str]] = {}
    for household_id, folded, name in connection.execute(query):
        found.setdefault(household_id, {})[folded] = name
    return found


def list_members(
    connection: Connection, campaign_id: str, now: datetime, told: Mapping[str, ListedMembers]
) -> list[MemberChange]:
    """List the members of households, by their ids, as a list tells them; persons who are known are not made anew."""
    known = _of_households(connection, [*told])
    changes, new = list[MemberChange](), list[dict[str, Any]]()
    same = {"campaign_id": campaign_id, "listed": True, "created_at": now, "changed_at": now}
    for household_id, members in told.items():
        there = known.get(household_id, [])
        changes += _changed(there, members)
        for folded in members.names.keys() - {row["folded_name"] for row in there}:
            named = {"household_id": household_id, "name": members.names[folded], "folded_name": folded}
            new.append({**same, **named, "id": str(uuid4())})
    if new:
        connection.execute(insert(person), new)
    stand(connection, now, {each.id: each.listed for each in changes})
    return [*changes, *(MemberChange(row["id"], made=True, before=None, listed=True) for row in new)]


def _changed(there: Iterable[Mapping[str, Any]], members: ListedMembers) -> Iterator[MemberChange]:
    for row in there:
        is_named = row["folded_name"] in members.names
        if is_named and not row["listed"]:
            yield MemberChange(row["id"], made=False, before=row["listed"], listed=True)
        elif row["listed"] and not is_named and members.complete:
            yield MemberChange(row["id"], made=False, before=True, listed=False)


def stand(connection: Connection, now: datetime, standing: Mapping[str, bool | None]) -> None:
    """Let persons, by their ids, be listed, be listed no more, or never have been."""
    rows = [{"key": key, "stands": stands} for key, stands in standing.items()]
    if rows:
        statement = update(person).where(_person.id == bindparam("key"))
        connection.execute(statement.values(listed=bindparam("stands"), changed_at=now), rows)


def _of_households(connection: Connection, ids: Sequence[str]) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        here = _person.household_id.in_(ids[start : start + _AT_ONCE]), _person.folded_name.is_not(None)
        for row in connection.execute(select(person).where(*here).order_by(_person.id)).mappings():
            found.setdefault(row["household_id"], []).append(dict(row))
    return found
