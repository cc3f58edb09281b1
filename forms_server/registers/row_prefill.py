"""What the system fills in itself in a new row: from the household in the roster, or from a row of another register."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import select

from checklist.model import Register
from forms_server.db.tables import household
from forms_server.desk import Desk
from forms_server.households.household_of_record import known_household
from forms_server.registers.named_rows import name_key, named_rows
from forms_server.registers.register_row import householder_of, to_columns

_ROSTER, _REGISTER = "roster", "register:"

_OF_HOUSEHOLD = frozenset({"household_type", "people"})
"""Columns of the roster; a field of the same name has them."""


def prefilled(desk: Desk, register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values with those that ``prefill`` names and nobody typed; what was typed stays."""
    values = {**values, **_stratum(desk, register, values)}
    wanted = {name: source for name, source in register.prefill.items() if values.get(name) is None}
    if not wanted:
        return dict(values)
    found = dict(_of_household(desk, register, values)) if _ROSTER in wanted.values() else {}
    for name, source in wanted.items():
        if source.startswith(_REGISTER):
            other, _, column = source.removeprefix(_REGISTER).partition(".")
            found[name] = _referred(desk, register, values, other).get(column or name)
    filled = {name: found.get(name) for name in wanted}
    return {**values, **{name: value for name, value in filled.items() if value is not None}}


def _stratum(desk: Desk, register: Register, values: Mapping[str, Any]) -> dict[str, str]:
    """The answer of a survey's strata that its household gives; nothing where one was typed, or none is known."""
    survey = register.survey
    if survey is None or survey.asked is None or values.get(survey.strata) is not None:
        return {}
    kind = dict(_of_household(desk, register, values)).get("household_type")
    answer = next((answer for answer, kinds in survey.households.items() if kind in kinds), None)
    return {survey.strata: answer} if answer else {}


def _of_household(desk: Desk, register: Register, values: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    village = to_columns(register, values)["village_code"]
    named = {"village_code": village, "householder": householder_of(register, values)}
    household_id = known_household(desk, named, None)
    query = select(household).where(household.c.id == household_id)
    row = desk.connection.execute(query).mappings().first() if household_id else None
    if row:
        yield from ((name, row[name]) for name in _OF_HOUSEHOLD)


def _referred(desk: Desk, register: Register, values: Mapping[str, Any], other_id: str) -> Mapping[str, Any]:
    """The values of the row of another register that a row refers to; none where there is no such row."""
    other = desk.campaign.register_by_id[other_id]
    keys = [values.get(field_id) for field_id, named in register.links.items() if named == other_id]
    name = keys[0] if keys else None
    rows = named_rows(desk.connection, desk.campaign, other, [name]).get(name_key(name) or "")
    return rows[-1].values if rows else {}
