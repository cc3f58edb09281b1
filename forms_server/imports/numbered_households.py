"""Households of a register's list: told by their number in the roster where the list has it, else by name."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, select

from build_scripts.intake.ledger_entry import HOUSEHOLD_NUMBER, LedgerEntry
from checklist.messages import say
from checklist.model import Campaign, Register
from checklist.problems import Problem
from checklist.reading.person_names import fold_name
from forms_server.db.tables import household
from forms_server.registers.register_row import householder_of

_household = household.c

Place = tuple[str, str]
"""Village and folded name."""


class NumberedHouseholds:
    """The roster's households, by number and by name, read once for a list."""

    def __init__(self, connection: Connection, campaign: Campaign, register: Register) -> None:
        self._register, self._label = register, campaign.roster.number_label
        self._of_number: dict[str, tuple[str, Place]] = {}
        self._of_name: dict[Place, int] = {}
        query = select(
            _household.id, _household.number, _household.village_code, _household.folded_name
        ).where(_household.campaign_id == campaign.id)
        for row in connection.execute(query):
            place = row.village_code, row.folded_name
            self._of_name[place] = self._of_name.get(place, 0) + 1
            if row.number:
                self._of_number[row.number] = row.id, place

    def of_entry(
        self, entry: LedgerEntry, values: Mapping[str, Any], known: str | None
    ) -> tuple[str | None, Sequence[Problem]]:
        """Return the id of the household that a row's number names, and what is wrong or left open.

        Args:
            entry: the row of the list.
            values: all its values.
            known: the household of the stored row, if there is one.
        """
        village, name = values.get("village"), householder_of(self._register, values)
        if not village or not name or self._register.survey:
            return None, ()
        place = str(village), fold_name(str(name))
        number = entry.household_number
        if not number:
            if self._of_name.get(place, 0) < 2 or known:
                return None, ()
            said = say("register-household-several", name=name, label=self._label)
            return None, [Problem(entry.place(), "register-household-several", said, warning=True)]
        found, at = self._of_number.get(number, (None, place))
        if found is None:
            said = say("register-household-unknown", label=self._label)
            return None, [
                Problem(entry.place(HOUSEHOLD_NUMBER), "register-household-unknown", said, warning=True)
            ]
        if at != place:
            said = say("register-household-differs", label=self._label, name=name)
            return None, [Problem(entry.place(HOUSEHOLD_NUMBER), "register-household-differs", said)]
        return found, ()
