"""Undo of an import: what it made goes, what it changed is as before, unless ``undo_obstacles`` finds any."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, delete, exists, insert, or_, select, true, update

from checklist.messages import say
from checklist.model import Campaign
from forms_server import audit
from forms_server.access import Action, may_write
from forms_server.account import Account
from forms_server.db import tables
from forms_server.db.record_columns import TABLES
from forms_server.db.tables import household, import_batch, import_change
from forms_server.desk import NotAllowed, NotFound
from forms_server.households.listed_members import stand
from forms_server.households.persons import forget_unnamed
from forms_server.imports.handed_in_figures import figures_of
from forms_server.imports.import_batches import (
    CHANGED,
    IMPORT,
    NEW,
    ROSTER,
    Batch,
    batches,
    rows_by_id,
    stored,
    visible_batches,
)
from forms_server.imports.undo_obstacles import BuiltOn, built_on
from forms_server.records.issue_units import UNITS_TEXT, Naming, name_other_units
from forms_server.registers import row_store
from forms_server.registers.register_row import RegisterRow, to_row
from forms_server.scope import sees_all

UNDO = "undo_import"
"""The audit's word for it."""

_AT_ONCE = 500


class NotUndoable(Exception):
    """Something was built on the import."""

    def __init__(self, found: Sequence[BuiltOn]) -> None:
        super().__init__(say("undo-refused", count=len(found)))
        self.found = tuple(found)


class UndoneBefore(Exception):
    """The import was undone already."""


@dataclass(frozen=True)
class BatchDesk:
    """Who looks at batches or undoes them; ``account`` is None for the command line."""

    connection: Connection
    campaign: Campaign
    account: Account | None
    now: datetime

    @property
    def author(self) -> Account | None:
        """Account for the audit; None for the command line."""
        return self.account


def visible(desk: BatchDesk, *conditions: Any, limit: int | None = None) -> list[Batch]:
    """The batches that the account may see, newest first."""
    seen = visible_batches(desk.account) if desk.account else true()
    of_campaign = import_batch.c.campaign_id == desk.campaign.id
    return list(batches(desk.connection, of_campaign, seen, *conditions, limit=limit))


def get(desk: BatchDesk, batch_id: str) -> Batch:
    """The batch of that id.

    Raises:
        NotFound: there is none, or none that the account may see.
    """
    found = visible(desk, import_batch.c.id == batch_id)
    if not found:
        raise NotFound(batch_id)
    return found[0]


def may_undo(account: Account, batch: Batch) -> bool:
    """Whether the account may undo the batch.

    Who may import for its unit, someone of one village only his own; of the office, who imported in the unit's place.
    """
    if batch.kind == ROSTER:
        return may_write(account, Action.LIST, batch.unit_code)
    if sees_all(account) and batch.created_by == account.id:
        return True
    own = account.village_code if batch.created_by == account.id else None
    return may_write(account, Action.FILE, batch.unit_code, own)


def undo(desk: BatchDesk, batch_id: str) -> Batch:
    """Bring back what was before an import.

    Raises:
        NotFound: as for ``get``.
        NotAllowed: the account may not.
        UndoneBefore: it was undone already.
        NotUndoable: something was built on it.
    """
    batch = get(desk, batch_id)
    if desk.account and not may_undo(desk.account, batch):
        raise NotAllowed("这一次导入，请由导入的单位撤回。")
    if batch.undone_at:
        raise UndoneBefore(batch.id)
    found = built_on(desk.connection, desk.campaign, batch)
    if found:
        raise NotUndoable(found)
    _note_unfit(desk, batch)
    _restore(desk, batch)
    if batch.handed_in_figures:
        _restore_figures(desk, batch)
    audit.note_unfit(desk.connection, desk.now, desk.account, import_batch.name, [batch.id])
    undone = {"undone_at": desk.now, "undone_by": desk.account.id if desk.account else None}
    desk.connection.execute(update(import_batch).where(import_batch.c.id == batch.id).values(undone))
    audit.record(desk.connection, desk.now, desk.account, import_batch.name, batch.id, UNDO, batch.counts)
    return get(desk, batch_id)


def _note_unfit(desk: BatchDesk, batch: Batch) -> None:
    """Note rows that were changed past the program since: versions and stamps don't show that."""
    for table in (*TABLES.values(), household, tables.finding, tables.register_row):
        ids = [
            each["subject_id"] for effect in (NEW, CHANGED) for each in _changes(desk, batch, table, effect)
        ]
        audit.note_unfit(desk.connection, desk.now, desk.account, table.name, ids)


def _restore(desk: BatchDesk, batch: Batch) -> None:
    """Bring back rows; the households that only they named go with them."""
    named: set[str] = set()
    taken_back = _register_rows(desk, batch, NEW, CHANGED)
    findings = [each["subject_id"] for each in _changes(desk, batch, tables.finding, NEW)]
    _remove(desk, tables.finding, findings)
    for table in (*TABLES.values(), tables.register_row):
        named |= _households_of(desk, batch, table)
        for change in _changes(desk, batch, table, CHANGED):
            _restore_record(desk, batch, table, change)
        _remove(desk, table, [each["subject_id"] for each in _changes(desk, batch, table, NEW)])
    _restore_members(desk, batch)
    _compute_anew(desk, batch, taken_back)
    forget_unnamed(desk.connection, desk.campaign.id)
    for change in _changes(desk, batch, household, CHANGED):
        before = stored(household, change["before"]) | {"changed_at": desk.now}
        desk.connection.execute(
            update(household).where(household.c.id == change["subject_id"]).values(before)
        )
        _write_down(desk, household, [change["subject_id"]])
    new = _changes(desk, batch, household, NEW)
    listed = [each["subject_id"] for each in new if each["stamp"]]
    _remove(desk, household, listed)
    _remove_unnamed(desk, named | {each["subject_id"] for each in new} - set(listed))


def _restore_members(desk: BatchDesk, batch: Batch) -> None:
    """Let members stand as before the list; those whom it made and no row names go with ``forget_unnamed``."""
    changes = [*_changes(desk, batch, tables.person, NEW), *_changes(desk, batch, tables.person, CHANGED)]
    stand(desk.connection, desk.now, {each["subject_id"]: each["before"]["listed"] for each in changes})


def _changes(desk: BatchDesk, batch: Batch, table: Table, effect: str) -> Sequence[Mapping[str, Any]]:
    columns = import_change.c
    query = select(import_change).where(
        columns.batch_id == batch.id, columns.subject == table.name, columns.effect == effect
    )
    return [dict(row) for row in desk.connection.execute(query.order_by(columns.subject_id)).mappings()]


def _households_of(desk: BatchDesk, batch: Batch, table: Table) -> set[str]:
    """The households that the batch's records name now."""
    query = (
        select(table.c.household_id)
        .join(import_change, import_change.c.subject_id == table.c.id)
        .where(import_change.c.batch_id == batch.id, table.c.household_id.is_not(None))
    )
    return set(desk.connection.scalars(query))


def _restore_record(desk: BatchDesk, batch: Batch, table: Table, change: Mapping[str, Any]) -> None:
    """Bring back a record's columns under a new version, so that no open page overwrites them unseen.

    The import that left the record as it is again may be undone in its turn.
    """
    identity, before = change["subject_id"], stored(table, change["before"])
    version = int(change["stamp"]) + 1
    columns = before | {"version": version, "changed_at": desk.now}
    desk.connection.execute(update(table).where(table.c.id == identity).values(columns))
    if UNITS_TEXT in before:
        naming = Naming(identity, batch.unit_code, before[UNITS_TEXT])
        name_other_units(desk.connection, desk.campaign, naming)
    earlier = import_change.c.subject_id == identity, import_change.c.stamp == str(before["version"])
    desk.connection.execute(update(import_change).where(*earlier).values(stamp=str(version)))
    _write_down(desk, table, [identity])


def _register_rows(desk: BatchDesk, batch: Batch, *effects: str) -> list[RegisterRow]:
    """The rows of registers, as they are now, on which an import had some effects."""
    kept = desk.campaign.register_by_id
    changes = [each for effect in effects for each in _changes(desk, batch, tables.register_row, effect)]
    rows = rows_by_id(desk.connection, tables.register_row, [each["subject_id"] for each in changes])
    return [to_row(kept[row["register_id"]], row) for row in rows.values() if row["register_id"] in kept]


def _compute_anew(desk: BatchDesk, batch: Batch, taken_back: Sequence[RegisterRow]) -> None:
    """What other rows computed from those of an import, as it had left them, follows from what was before."""
    for row in _register_rows(desk, batch, CHANGED):
        row_store.compute_anew(desk, row, [each.id for each in row.register.fields])
    row_store.compute_next_anew(desk, taken_back)


def _remove(desk: BatchDesk, table: Table, ids: Sequence[str]) -> None:
    """Delete rows, and the open questions about them."""
    pair = tables.possible_double.c
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        asked = or_(pair.first_id.in_(some), pair.second_id.in_(some))
        pairs = [
            "/".join(each)
            for each in desk.connection.execute(select(pair.first_id, pair.second_id).where(asked))
        ]
        audit.note_unfit(desk.connection, desk.now, desk.account, tables.possible_double.name, pairs)
        desk.connection.execute(delete(tables.possible_double).where(asked))
        _write_down(desk, tables.possible_double, pairs)
        desk.connection.execute(delete(table).where(table.c.id.in_(some)))
    _write_down(desk, table, ids)


def _remove_unnamed(desk: BatchDesk, ids: set[str]) -> None:
    """Delete households that no list brought and that nothing names any more."""
    asked = sorted(ids)
    named = [
        exists().where(table.c.household_id == household.c.id)
        for table in (
            tables.issue,
            tables.proposed_household,
            tables.visit,
            tables.spot_visit,
            tables.register_row,
        )
    ]
    drawn = tables.draw_row.c
    at = drawn.draw_id == tables.draw.c.id, drawn.kind == household.name, drawn.subject_id == household.c.id
    named.append(exists().where(*at))
    for start in range(0, len(asked), _AT_ONCE):
        some = household.c.id.in_(asked[start : start + _AT_ONCE])
        unnamed = ~or_(household.c.listed, household.c.active, *named)
        gone = list(desk.connection.scalars(select(household.c.id).where(some, unnamed)))
        audit.note_unfit(desk.connection, desk.now, desk.account, household.name, gone)
        desk.connection.execute(delete(household).where(household.c.id.in_(gone)))
        _write_down(desk, household, gone)


def _restore_figures(desk: BatchDesk, batch: Batch) -> None:
    """Bring back the annex 2 that the batch's took the place of.

    Where a later batch handed in another one, that stays, and takes the place of the one before.
    """
    before = select(import_batch.c.figures_before).where(import_batch.c.id == batch.id)
    rows = desk.connection.execute(before).scalar_one()
    later = _next_with_figures(desk, batch)
    if later:
        audit.note_unfit(desk.connection, desk.now, desk.account, import_batch.name, [later])
        values = update(import_batch).where(import_batch.c.id == later).values(figures_before=rows)
        desk.connection.execute(values)
        _write_down(desk, import_batch, [later])
        return
    table, subject_id = tables.handed_in_figure, f"{desk.campaign.id}/{batch.unit_code}"
    audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [subject_id])
    desk.connection.execute(delete(table).where(figures_of(desk.campaign.id, batch.unit_code)))
    if rows:
        desk.connection.execute(insert(table), [stored(table, row) for row in rows])
    change = {"cells": len(rows)}
    audit.record(desk.connection, desk.now, desk.account, table.name, subject_id, UNDO, change)


def _next_with_figures(desk: BatchDesk, batch: Batch) -> str | None:
    """The unit's next batch with an annex 2, in the order of the audit log."""
    row, column = tables.audit.c, import_batch.c
    imported = row.subject == import_batch.name, row.action == IMPORT
    this = select(row.id).where(*imported, row.subject_id == batch.id).scalar_subquery()
    query = (
        select(column.id)
        .join(tables.audit, row.subject_id == column.id)
        .where(*imported, row.id > this, column.campaign_id == desk.campaign.id)
        .where(column.unit_code == batch.unit_code, column.undone_at.is_(None))
        .where(column.figures_before.is_not(None))
        .order_by(row.id)
    )
    return desk.connection.scalars(query.limit(1)).first()


def _write_down(desk: BatchDesk, table: Table, ids: Sequence[str]) -> None:
    entries = (audit.AuditEntry(table.name, identity, UNDO) for identity in ids)
    audit.record_many(desk.connection, desk.now, desk.account, entries)
