"""Cached construction of new rows: most rows of a ledger differ in their prose only."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from checklist.model import Campaign, FieldType, RecordForm
from checklist.values.judge import Value
from forms_server.db.bulk_insert import Cell, text_of_moment
from forms_server.db.record_columns import TABLES, column_of, to_columns, with_township

_PROSE = frozenset({FieldType.TEXT, FieldType.PARAGRAPH})
_MOST_SEEN = 50_000

STATE_COLUMNS = ("state", "rectified_on", "reported_by", "reporting_unit_code")
"""The columns that depend on a row's outcome; a table of households has only the first."""


class RowMaker:
    """Makes rows of one form, the same that :func:`to_columns` makes, as the driver takes them."""

    def __init__(self, form: RecordForm, campaign: Campaign, birth: Mapping[str, Any]) -> None:
        """Prepare the columns.

        Args:
            form: whose records they are.
            campaign: gives the areas.
            birth: columns shared by all rows.
        """
        self.table = TABLES[form.kind]
        self._form, self._campaign, self._birth = form, campaign, birth
        columns = {field.id: column_of(form, field) for field in form.fields}
        self._prose = [
            (field.id, name) for field in form.fields if field.type in _PROSE and (name := columns[field.id])
        ]
        self._prose_ids = [field_id for field_id, _ in self._prose]
        prose = set(self._prose_ids)
        self._rest = [field.id for field in form.fields if field.id not in prose]
        self._state = [name for name in STATE_COLUMNS if name in self.table.c]
        shared = [name for name in self._shared({}) if name not in {name for _, name in self._prose}]
        self.names = ["id", "household_id", *self._state, *(name for _, name in self._prose), *shared]
        """The columns that are filled, the id first."""
        self._shared_names = shared
        self._seen: dict[tuple[Value, ...], list[Cell]] = {}

    def row(
        self,
        record_id: str,
        values: Mapping[str, Value],
        state: tuple[Cell, ...],
        household_id: str | None = None,
    ) -> tuple[Cell, ...]:
        """The cells of a record, in the order of ``names``.

        Args:
            record_id: its id.
            values: of its fields, all good.
            state: the cells of ``STATE_COLUMNS``.
            household_id: of the household that it is about.
        """
        key = tuple(map(values.get, self._rest))
        shared = self._seen.get(key)
        if shared is None:
            columns = self._shared(dict(zip(self._rest, key, strict=True)))
            shared = [_cell(columns[name]) for name in self._shared_names]
            if len(self._seen) < _MOST_SEEN:
                self._seen[key] = shared
        # Prose is text or nothing.
        prose: Any = map(values.get, self._prose_ids)
        return (record_id, household_id, *state[: len(self._state)], *prose, *shared)

    def _shared(self, values: Mapping[str, Value]) -> dict[str, Any]:
        """All columns but id, state and prose."""
        columns = {**with_township(self._campaign, to_columns(self._form, values)), **self._birth}
        if "area_id" in self.table.c:
            area = self._campaign.area_of_problem_type.get(columns["problem_type_id"])
            columns["area_id"] = area.id if area else None
        return columns


def _cell(value: Any) -> Cell:
    if isinstance(value, dict):
        return json.dumps(value)
    return text_of_moment(value) if isinstance(value, date) else value
