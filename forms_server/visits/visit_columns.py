"""Mapping between a visit's own fields and its table's columns."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from checklist.model import Campaign, RecordForm
from checklist.visit_forms import asked_once, items_of
from forms_server.db.record_columns import CODECS
from forms_server.db.tables import visit_answer
from forms_server.visits.visit import Answer, Answered, Progress, Visit

_COLUMN = {
    "township": "township_code",
    "village": "village_code",
    "found_by": "visited_by",
    **{name: name for name in ("householder", "household_type", "people", "level")},
}
"""Field id to column; all other fields go into ``extra``."""


def to_columns(form: RecordForm, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the values of a visit's own fields."""
    columns: dict[str, Any] = dict.fromkeys(_COLUMN.values())
    extra: dict[str, Any] = {}
    for field in asked_once(form).fields:
        codec, value = CODECS[field.type], values.get(field.id)
        if field.id in _COLUMN:
            columns[_COLUMN[field.id]] = value
        elif codec and value is not None:
            extra[field.id] = codec.dump(value)
    return columns | {"extra": extra}


def to_values(form: RecordForm, row: RowMapping) -> dict[str, Any]:
    """Values of a row; empty fields are omitted."""
    values: dict[str, Any] = {}
    for field in asked_once(form).fields:
        codec = CODECS[field.type]
        if field.id in _COLUMN:
            values[field.id] = row[_COLUMN[field.id]]
        elif codec and field.id in row["extra"]:
            values[field.id] = codec.load(row["extra"][field.id])
    return {key: value for key, value in values.items() if value is not None}


def to_visit(connection: Connection, campaign: Campaign, form: RecordForm, row: RowMapping) -> Visit:
    """Visit of a row, with its answers and the checklist's current items."""
    unit = campaign.unit_by_code.get(row["unit_code"], campaign.units.office)
    found = connection.execute(
        select(
            visit_answer.c.item_id,
            visit_answer.c.answer,
            visit_answer.c.issue_id,
            visit_answer.c.filled_by,
            visit_answer.c.filled_at,
        ).where(visit_answer.c.visit_id == row["id"])
    )
    names = (
        "id",
        "unit_code",
        "village_code",
        "household_id",
        "visited_on",
        "visited_by",
        "round",
        "version",
    )
    stamps = ("created_by", "created_at", "changed_at")
    return Visit(
        form=form,
        values=to_values(form, row),
        state=Progress(row["state"]),
        groups=items_of(campaign, form, unit, row["household_type"]),
        answers={item_id: Answered(Answer(said), *more) for item_id, said, *more in found},
        **{name: row[name] for name in (*names, *stamps)},
    )
