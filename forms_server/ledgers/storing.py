"""Stores what an import plans: many records at once, each with its audit row, in the caller's transaction."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any
from uuid import UUID

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
_COUNTED_LAST = 20
"""Bits of a row's number that stand in the lower half of its id."""


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
    numbered = enumerate(plan.new)
    while batch := list(islice(numbered, _BATCH)):
        _insert(batch, importer)
    for change in plan.changed:
        _change(change, importer)


def _insert(entries: list[tuple[int, Entry]], importer: Importer) -> None:
    """New records; one statement for each form, since each fills other columns."""
    rows: dict[tuple[str, Table], list[dict[str, Any]]] = {}
    for number, entry in entries:
        key = entry.form.id, TABLES[entry.form.kind]
        rows.setdefault(key, []).append(_new_row(number, entry, importer))
    for (_, table), found in rows.items():
        importer.connection.execute(insert(table), found)
        said = (audit.Change(table.name, row["id"], Action.FILE, {"to": row["state"]}) for row in found)
        audit.record_many(importer.connection, importer.now, importer.author, said)


def _new_row(number: int, entry: Entry, importer: Importer) -> dict[str, Any]:
    form, now = entry.form, importer.now
    row = to_columns(form, entry.values)
    state = STATES_BY_KIND[form.kind][0]
    if "area_id" in TABLES[form.kind].c:
        row |= {
            "area_id": importer.campaign.area_of_problem_type[row["problem_type_id"]].id,
            "rectified_on": now.date() if entry.rectified else None,
        }
    return row | {
        "id": _new_id(importer.now, number),
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


def _new_id(now: datetime, number: int) -> str:
    """A UUID of version 7, whose order is that of the workbook's rows: an export lists them as they were typed."""
    milliseconds = int(now.timestamp() * 1000)
    first, last = divmod(number, 1 << _COUNTED_LAST)
    counted = (first & 0xFFF) << 64 | 0b10 << 62 | last << (62 - _COUNTED_LAST)
    return str(UUID(int=milliseconds << 80 | 7 << 76 | counted | secrets.randbits(62 - _COUNTED_LAST)))
