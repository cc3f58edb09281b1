"""Stores what an import plans: many records at once, each with its audit row, in the caller's transaction."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar
from uuid import uuid4

from sqlalchemy import Connection, Table, insert, update

from build_scripts.ledgers.entry import Entry
from build_scripts.ledgers.plan import Change, Plan
from checklist.model import Campaign, Unit
from forms_server import audit
from forms_server.access import Action
from forms_server.accounts.account import Account
from forms_server.lifecycle import STATES_BY_KIND, Move, move
from forms_server.records.mapping import TABLES, to_columns
from forms_server.records.record import Conflict, Record

_BATCH = 2_000

T = TypeVar("T")


@dataclass(frozen=True)
class Importer:
    """Who imports, for which unit, when, and in which transaction."""

    connection: Connection
    campaign: Campaign
    unit: Unit
    account: Account
    """Who files what is new."""
    now: datetime
    by_command: bool = False
    """Whether it is the command line that imports."""

    @property
    def author(self) -> Account | None:
        """Whom the audit names: nobody for the command line."""
        return None if self.by_command else self.account


def store(plan: Plan, importer: Importer) -> None:
    """Makes the new records and changes the changed ones; the caller has asked the gate (``plan_import``).

    Raises:
        Conflict: a record was changed since the plan was made.
    """
    for entries in _batches(plan.new):
        _insert(entries, importer)
    for change in plan.changed:
        _change(change, importer)


def _insert(entries: list[Entry], importer: Importer) -> None:
    """New records, which are put into the tables of their forms."""
    rows: dict[Table, list[dict[str, Any]]] = {}
    for entry in entries:
        rows.setdefault(TABLES[entry.form.kind], []).append(_new_row(entry, importer))
    for table, found in rows.items():
        importer.connection.execute(insert(table), found)
        said = (audit.Change(table.name, row["id"], Action.FILE, {"to": row["state"]}) for row in found)
        audit.record_many(importer.connection, importer.now, importer.author, said)


def _new_row(entry: Entry, importer: Importer) -> dict[str, Any]:
    form, now = entry.form, importer.now
    row = to_columns(form, entry.values)
    state = STATES_BY_KIND[form.kind][0]
    if "area_id" in TABLES[form.kind].c:
        row |= {
            "area_id": importer.campaign.area_of_problem_type[row["problem_type_id"]].id,
            "rectified_on": now.date() if entry.rectified else None,
        }
    return row | {
        "id": str(uuid4()),
        "campaign_id": importer.campaign.id,
        "form_id": form.id,
        "form_version": form.version,
        "unit_code": importer.unit.code,
        "state": (move(state, Move.REPORT) if entry.rectified else state).value,
        "version": 1,
        "created_by": importer.account.id,
        "created_at": now,
        "changed_at": now,
    }


def _change(change: Change, importer: Importer) -> None:
    """Changes one record, if it still has the version that it was compared with."""
    record: Record = change.recorded.handle
    form, table = record.form, TABLES[record.form.kind]
    columns = _changed_columns(change, record, importer)
    what: dict[str, Any] = {"fields": list(change.fields)}
    action = Action.EDIT
    if change.reports:
        action, state = Action.REPORT, move(record.state, Move.REPORT)
        columns |= {"state": state.value, "rectified_on": importer.now.date()}
        what |= {"from": record.state.value, "to": state.value}
    stamps = {"form_version": form.version, "version": record.version + 1, "changed_at": importer.now}
    same = update(table).where(table.c.id == record.id, table.c.version == record.version)
    if importer.connection.execute(same.values(columns | stamps)).rowcount != 1:
        raise Conflict(record)
    said = [audit.Change(table.name, record.id, action, what)]
    audit.record_many(importer.connection, importer.now, importer.author, said)


def _changed_columns(change: Change, record: Record, importer: Importer) -> dict[str, Any]:
    """All columns of the record's fields; an item that the problem type's area does not hold is dropped."""
    values = {**record.values, **{field_id: new for field_id, (_, new) in change.fields.items()}}
    columns = to_columns(record.form, values)
    if "area_id" not in TABLES[record.form.kind].c:
        return columns
    area = importer.campaign.area_of_problem_type[columns["problem_type_id"]]
    held = record.item_id in {item.id for item in area.all_items}
    return columns | {"area_id": area.id, "item_id": record.item_id if held else None}


def _batches(found: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(found)
    while batch := list(islice(rest, _BATCH)):
        yield batch
