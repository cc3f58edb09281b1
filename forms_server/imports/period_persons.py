"""Rows of a period by the person whose number a list has: under another name, too, one person has one row."""

from collections.abc import Container, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.messages import say
from checklist.model import Campaign, Register
from checklist.problems import Problem
from forms_server.db.record_columns import Row
from forms_server.db.tables import person, register_row
from forms_server.registers.register_row import of_register, parts_beside_person, to_columns

_row = register_row.c
_Identity = tuple[str, tuple[str, ...]]


class _Standing(NamedTuple):
    """A row that has not ended."""

    id: str
    number: int
    unit_code: str
    name: str


class PeriodPersons:
    """Finds the row that a person has already in a period, in the register or in the list itself."""

    def __init__(self, connection: Connection, campaign: Campaign, place: tuple[Register, str]) -> None:
        self._campaign, (self._register, period) = campaign, place
        self._field = self._register.person_field
        self._rows: dict[_Identity, list[_Standing]] = {}
        self._told: dict[_Identity, LedgerEntry] = {}
        if self._field is None or self._field.id not in self._register.one_row_per:
            return
        same = of_register(campaign, self._register), _row.period == period, ~_row.ended
        query = select(register_row, person.c.person_key).join(person, person.c.id == _row.person_id)
        for row in connection.execute(query.where(*same, person.c.person_key.is_not(None))).mappings():
            name = str(row["texts"].get(self._field.id, ""))
            standing = _Standing(row["id"], row["number"], row["unit_code"], name)
            self._rows.setdefault((row["person_key"], self._parts(row)), []).append(standing)

    def problem(
        self, entry: LedgerEntry, values: Mapping[str, Any], row_id: str | None, seen: Container[str]
    ) -> Problem | None:
        """The problem of a second row of a person; the first one is named where it is among those seen.

        Args:
            entry: of the list.
            values: all values of its row.
            row_id: the row that it is, if it is known.
            seen: ids of the rows that the account sees.
        """
        if entry.person is None or self._field is None:
            return None
        parts = parts_beside_person(self._register, to_columns(self._register, values))
        if parts is None:
            return None
        identity, place = (entry.person.key, parts), entry.place(self._field.id)
        first = self._told.setdefault(identity, entry)
        if first is not entry:
            return Problem(place, "register-person-twice", say("register-person-twice", first=first.place()))
        other = next((each for each in self._rows.get(identity, ()) if each.id != row_id), None)
        if other is None:
            return None
        if other.id in seen:
            words = say("register-person-there", number=other.number, name=other.name)
            return Problem(place, "register-person-there", words)
        unit = self._campaign.unit_by_code.get(other.unit_code)
        words = say("register-person-elsewhere", unit=unit.name if unit else other.unit_code)
        return Problem(place, "register-person-elsewhere", words)

    def _parts(self, columns: Row) -> tuple[str, ...]:
        return parts_beside_person(self._register, columns) or ()
