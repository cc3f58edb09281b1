"""The household and the person whom a row is about: known ones, or made because a row names them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from build_scripts.intake.person_marks import PersonMark
from checklist.model import Register
from checklist.reading.person_names import fold_name
from forms_server.desk import Desk
from forms_server.households.household_of_record import SeveralHouseholds, identify, write_down_made
from forms_server.households.persons import identify_person
from forms_server.registers.register_row import RegisterRow, householder_of


@dataclass(frozen=True)
class RowSubject:
    """What is said of a row's household and person beside their names."""

    household_id: str | None = None
    """The one that was chosen among namesakes."""
    another: bool = False
    """Whether it is none of the known ones of that name."""
    asks: bool = False
    """Whether somebody can be asked where several are meant; else the row stays without one."""
    person: PersonMark | None = None
    """Of the number that a list had."""


NOBODY_SAID = RowSubject()


def subject_columns(
    desk: Desk,
    register: Register,
    values: Mapping[str, Any],
    about: RowSubject,
    current: RegisterRow | None = None,
) -> dict[str, Any]:
    """Columns of the household and the person whom a row's values name; missing ones are made (不在名册).

    Args:
        desk: in a transaction that writes.
        register: of the row.
        values: of the row.
        about: what is said besides.
        current: the row as it is stored; what it is about stays while its names do.

    Raises:
        SeveralHouseholds: the householder's name is ambiguous, and somebody can be asked.
    """
    if register.survey:  # a paper is tied to nobody, and makes no household known
        return {"household_id": None, "person_id": None}
    household_id = _household(desk, register, values, about, current)
    field = register.person_field
    name = values.get(field.id) if field else None
    if current and current.person_id and field and about.person is None:
        stays = fold_name(str(current.values.get(field.id, ""))) == fold_name(str(name or ""))
        if stays and current.household_id == household_id:
            return {"household_id": household_id, "person_id": current.person_id}
    named = {"household_id": household_id, "name": name}
    person_id = identify_person(desk.connection, desk.campaign.id, desk.now, named, about.person)
    return {"household_id": household_id, "person_id": person_id}


def _household(
    desk: Desk,
    register: Register,
    values: Mapping[str, Any],
    about: RowSubject,
    current: RegisterRow | None,
) -> str | None:
    named = {"village_code": values.get("village"), "householder": householder_of(register, values)}
    chosen = about.household_id or (current.household_id if current else None)
    try:
        found = identify(desk, named, chosen=chosen, another=about.another)
    except SeveralHouseholds:
        if about.asks:
            raise
        return None
    write_down_made(desk, found.id if found and found.made else None)
    return found.id if found else None
