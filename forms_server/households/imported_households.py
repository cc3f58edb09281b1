"""Bulk lookup of households by village and folded name; missing ones are created."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, select

from checklist.model import Campaign
from checklist.reading.person_names import fold_name
from forms_server.db.bulk_insert import Cell, insert_rows, text_of_moment
from forms_server.db.tables import household
from forms_server.households.household_of_record import id_of_name, the_one, unlisted_row


class HouseholdLinker:
    """Looks up or creates the household of each row; ``flush`` stores the created ones."""

    def __init__(self, connection: Connection, campaign: Campaign, now: datetime) -> None:
        self._connection, self._campaign, self._now = connection, campaign, now
        self._villages: dict[str, dict[str, list[str]]] = {}
        self._seen: dict[tuple[str, str], str | None] = {}
        self._made: list[dict[str, Any]] = []
        self.made: list[str] = []
        """Ids of all created households."""
        self._taken: set[str] = set()

    def household_of(self, values: Mapping[str, Any], *, another: bool = False) -> str | None:
        """Return the id of the household that a record's values name.

        None if they name none, or if the name is ambiguous in its village: the office chooses later.

        Args:
            values: of the record.
            another: the importer said that it is none of the known ones of that name.
        """
        village, name = values.get("village"), values.get("householder")
        if not village or not name:
            return None
        if another:
            return self._namesake(str(village), str(name), values)
        key = str(village), str(name)
        if key not in self._seen:
            self._seen[key] = self._look_up(*key, values)
        return self._seen[key]

    def flush(self) -> tuple[list[str], list[tuple[Cell, ...]]]:
        """Insert the households created since the last call; return the columns and rows as they were written."""
        if not self._made:
            return [], []
        names = list(self._made[0])
        rows = [tuple(map(_cell, row.values())) for row in self._made]
        insert_rows(self._connection, household, names, rows)
        self._made.clear()
        return names, rows

    def _look_up(self, village: str, name: str, values: Mapping[str, Any]) -> str | None:
        same = self._of_name(village, name)
        if not same:
            same.append(self._make(village, name, values))
        return the_one(same)

    def _namesake(self, village: str, name: str, values: Mapping[str, Any]) -> str:
        """Create another household of a name; what names it from here on is ambiguous."""
        same = self._of_name(village, name)
        same.append(self._make(village, name, values))
        self._seen = {key: found for key, found in self._seen.items() if found not in same}
        return same[-1]

    def _of_name(self, village: str, name: str) -> list[str]:
        if village not in self._villages:
            self._villages[village] = self._households(village)
        return self._villages[village].setdefault(fold_name(name), [])

    def _households(self, village: str) -> dict[str, list[str]]:
        query = select(household.c.folded_name, household.c.id).where(
            household.c.campaign_id == self._campaign.id, household.c.village_code == village
        )
        found: dict[str, list[str]] = {}
        for folded, household_id in self._connection.execute(query):
            found.setdefault(folded, []).append(household_id)
            self._taken.add(household_id)
        return found

    def _make(self, village: str, name: str, values: Mapping[str, Any]) -> str:
        made = id_of_name(self._campaign.id, village, name)
        if made in self._taken:  # by a household that is called otherwise by now
            made = str(uuid4())
        self._taken.add(made)
        columns = {**values, "village_code": village, "householder": name}
        row = unlisted_row(self._campaign, self._now, made, columns)
        # The column's default does not apply to inserts through the driver.
        self._made.append(row | {"folded_name": fold_name(name)})
        self.made.append(made)
        return made


def _cell(value: Any) -> Cell:
    return text_of_moment(value) if isinstance(value, datetime) else value
