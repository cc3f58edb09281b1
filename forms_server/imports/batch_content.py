"""What an import did, for its page: rows that came in, and rows that it changed with old and new."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, select

from checklist.model import Campaign, Field, RecordForm
from forms_server.db.record_columns import TABLES, Row, to_values
from forms_server.db.tables import household, import_batch, import_change
from forms_server.editable_states import State
from forms_server.households.roster import Household, to_household
from forms_server.imports.import_batches import CHANGED, NEW, Batch, rows_by_id, stored
from forms_server.records.record import Record, changed_fields, to_record


@dataclass(frozen=True)
class ImportedChange:
    """What an import changed in a record; ``states`` is empty where it stayed as it was."""

    record: Record
    fields: Sequence[tuple[Field, Any, Any]]
    states: tuple[State, State] | tuple[()] = ()


@dataclass(frozen=True)
class BatchContent:
    """The first rows of a batch; rows that are no more, since it was undone, are left out."""

    new: Sequence[Record]
    changed: Sequence[ImportedChange]
    households: Sequence[Household]


def content_of(connection: Connection, campaign: Campaign, batch: Batch, limit: int) -> BatchContent:
    """What a batch did, at most so many rows of each kind."""
    new, changed = list[Record](), list[ImportedChange]()
    for table in TABLES.values():
        made = _subjects(connection, batch, table, NEW, limit)
        new += records_of(connection, campaign, table, made)
        changes = _subjects(connection, batch, table, CHANGED, limit)
        rows = rows_by_id(connection, table, changes)
        for identity, change in changes.items():
            form = _form(campaign, rows.get(identity))
            if form:
                changed.append(_difference(form, table, rows[identity], change))
    listed = {
        key: row
        for effect in (NEW, CHANGED)
        for key, row in _subjects(connection, batch, household, effect, limit).items()
        if row["stamp"]
    }
    households = [to_household(row) for row in rows_by_id(connection, household, listed).values()]
    return BatchContent(new, changed, households)


def records_of(
    connection: Connection, campaign: Campaign, table: Table, ids: Mapping[str, Any] | Sequence[str]
) -> list[Record]:
    """The records of these ids that are there, of forms that the campaign has."""
    rows = rows_by_id(connection, table, ids)
    found = [(rows[identity], _form(campaign, rows[identity])) for identity in ids if identity in rows]
    return [to_record(form, row) for row, form in found if form]


def kept_file(connection: Connection, batch: Batch) -> bytes | None:
    """The file of a batch; None where it was not kept."""
    query = select(import_batch.c.content).where(import_batch.c.id == batch.id)
    return connection.execute(query).scalar()


def _subjects(
    connection: Connection, batch: Batch, table: Table, effect: str, limit: int
) -> dict[str, RowMapping]:
    columns = import_change.c
    query = (
        select(import_change)
        .where(columns.batch_id == batch.id, columns.subject == table.name, columns.effect == effect)
        .order_by(columns.subject_id)
        .limit(limit)
    )
    return {row["subject_id"]: row for row in connection.execute(query).mappings()}


def _form(campaign: Campaign, row: RowMapping | None) -> RecordForm | None:
    form = campaign.form_by_id.get(row["form_id"]) if row else None
    return form if isinstance(form, RecordForm) else None


def _difference(form: RecordForm, table: Table, row: RowMapping, change: RowMapping) -> ImportedChange:
    sides: list[Row] = [{**row, **stored(table, change[side])} for side in ("before", "after")]
    before, after = (to_values(form, side) for side in sides)
    fields = [
        (form.field(name), before.get(name), after.get(name)) for name in changed_fields(form, before, after)
    ]
    was, became = (State(side["state"]) for side in sides)
    return ImportedChange(to_record(form, row), fields, () if was is became else (was, became))
