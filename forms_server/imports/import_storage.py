"""Bulk storage of an import plan: records with their audit rows, in the caller's transaction."""

import secrets
from array import array
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, Table, update

from build_scripts.garbage_collection import without_garbage_collection
from build_scripts.intake.import_comparison import LedgerPlan, RecordChange
from build_scripts.intake.ledger_entry import LedgerEntry
from build_scripts.rules.form_computing import with_computed
from checklist.model import RecordForm
from forms_server import audit
from forms_server.access import Action
from forms_server.db.bulk_insert import Cell, indexes_afterwards
from forms_server.db.record_columns import TABLES, to_columns, with_township
from forms_server.db.tables import household
from forms_server.db.tallied_inserts import insert_records
from forms_server.editable_states import STATES_BY_KIND
from forms_server.households.household_of_record import MADE
from forms_server.households.imported_households import HouseholdLinker
from forms_server.imports.import_batches import NEW, Effect, changed_effect, rows_by_id
from forms_server.imports.importer import Importer
from forms_server.imports.resent_storage import store_findings, store_pairs, withdraw
from forms_server.imports.row_maker import RowMaker
from forms_server.records.issue_units import UNITS_TEXT, Naming, name_other_units, name_units_of_many
from forms_server.records.record import EditConflict, Record, to_record
from forms_server.records.transfers import settle_unnamed
from forms_server.records.waiting_steps import end_waiting
from forms_server.state_moves import REPORT

_BATCH = 10_000
_NAMING = frozenset({"householder", "village"})
"""Fields that say which household a record is about."""
_CACHE = 65_536
"""SQLite's page cache during a bulk insert, in kilobytes."""
_COUNTED_LAST = 20
"""Bits of a row's number that stand in the lower half of its id."""
_CHANCE = 62 - _COUNTED_LAST
"""Random bits of that half."""


@without_garbage_collection()
def store(plan: LedgerPlan, importer: Importer) -> list[Effect]:
    """Insert new records and update changed ones; ``plan_import`` has checked permissions.

    Returns:
        What it made and changed, for the batch.

    Raises:
        Conflict: a record was changed since the plan was made.
    """
    makers: dict[str, RowMaker] = {}
    linker = HouseholdLinker(importer.connection, importer.campaign, importer.now)
    coming = Counter(TABLES[entry.form.kind] for entry in plan.new)
    effects: list[Effect] = []
    alike, ids = {id(each) for pair in plan.different for each in pair[:2]}, dict[int, str]()
    namesakes = _namesakes(plan)
    with ExitStack() as held:
        held.enter_context(_room(importer.connection))
        for table, rows in coming.items():
            held.enter_context(indexes_afterwards(importer.connection, table, rows))
        for start in range(0, len(plan.new), _BATCH):
            some = plan.new[start : start + _BATCH]
            new_ids = _new_ids(importer.now, start, len(some))
            ids |= {
                id(entry): new_id for entry, new_id in zip(some, new_ids, strict=True) if id(entry) in alike
            }
            effects += _insert(some, new_ids, importer, makers, linker, namesakes)
    effects += _change_all(plan.changed, importer, linker)
    effects += store_findings(plan, importer)
    effects += withdraw(plan, importer)
    store_pairs(plan, ids, importer)
    # What becomes of a household that no list has follows from the records that name it.
    effects += (Effect(household.name, made, NEW, None) for made in linker.made)
    return effects


def _namesakes(plan: LedgerPlan) -> set[int]:
    """Rows, by their object, that propose another household than the one of that name which is proposed already.

    A household is proposed once: what is not the same proposal is about somebody else.
    """
    return {
        id(entry) for entry, _, told_apart in plan.different if told_apart and entry.form.kind == "household"
    }


def _insert(
    entries: list[LedgerEntry],
    new_ids: list[str],
    importer: Importer,
    makers: dict[str, RowMaker],
    linker: HouseholdLinker,
    namesakes: Container[int],
) -> Iterator[Effect]:
    """New records with these ids; in turn for each form, since each fills other columns."""
    made: dict[str, list[tuple[Cell, ...]]] = {}
    states = _States(importer)
    for record_id, entry in zip(new_ids, entries, strict=True):
        form_id = entry.form.id
        if form_id not in makers:
            makers[form_id] = RowMaker(entry.form, importer.campaign, _birth(entry.form, importer))
        household_id = linker.household_of(entry.values, another=id(entry) in namesakes)
        row = makers[form_id].row(record_id, entry.values, states.of(entry), household_id)
        made.setdefault(form_id, []).append(row)
    _flush(linker, importer)
    for form_id, rows in made.items():
        maker = makers[form_id]
        insert_records(importer.connection, maker.table, maker.names, rows)
        name_units_of_many(importer.connection, importer.campaign, _namings(maker, rows, importer))
        at, subject = maker.names.index("state"), str(maker.table.name)
        changes = {state: {"to": state} for state in {row[at] for row in rows}}
        digests = audit.digests_written(importer.connection, subject, maker.names, rows)
        said = (
            audit.AuditEntry(subject, str(row[0]), Action.FILE, changes[row[at]], digest=digest)
            for row, digest in zip(rows, digests, strict=True)
        )
        audit.record_many(importer.connection, importer.now, importer.author, said)
        yield from (Effect(subject, str(row[0]), NEW, "1") for row in rows)


def _flush(linker: HouseholdLinker, importer: Importer) -> None:
    """Store the households that were made, with their audit rows."""
    names, rows = linker.flush()
    if not rows:
        return
    digests = audit.digests_written(importer.connection, household.name, names, rows)
    said = [
        audit.AuditEntry(household.name, str(row[names.index("id")]), MADE, digest=digest)
        for row, digest in zip(rows, digests, strict=True)
    ]
    audit.record_many(importer.connection, importer.now, importer.author, said)


def _namings(maker: RowMaker, rows: Sequence[Sequence[Cell]], importer: Importer) -> Iterator[Naming]:
    """The texts that name the responsible units of new issues."""
    if UNITS_TEXT not in maker.names:
        return
    at = maker.names.index(UNITS_TEXT)
    for row in rows:
        yield Naming(str(row[0]), importer.unit.code, str(row[at] or ""))


def _birth(form: RecordForm, importer: Importer) -> dict[str, Any]:
    """Columns shared by all new records of an import."""
    return {
        "campaign_id": importer.campaign.id,
        "form_id": form.id,
        "form_version": form.version,
        "unit_code": importer.unit.code,
        "version": 1,
        "created_by": importer.account.id,
        "created_at": importer.now,
        "changed_at": importer.now,
    }


class _States:
    """State and day of rectification of new records, in the order of ``STATE_COLUMNS``."""

    def __init__(self, importer: Importer) -> None:
        self._today, self._account = importer.now.date().isoformat(), importer.account
        self._seen: dict[tuple[str, bool, date | None], tuple[Cell, ...]] = {}

    def of(self, entry: LedgerEntry) -> tuple[Cell, ...]:
        """Cells for a row's record."""
        key = entry.form.kind, entry.rectified, entry.rectified_on
        return self._seen.get(key) or self._seen.setdefault(key, self._columns(*key))

    def _columns(self, kind: str, rectified: bool, day: date | None) -> tuple[Cell, ...]:
        state = STATES_BY_KIND[kind][0]
        since = day.isoformat() if day else self._today
        if not rectified:
            return state.value, None, None, None
        return REPORT.after(state).value, since, self._account.id, self._account.unit_code


def _change_all(
    changes: Sequence[RecordChange], importer: Importer, linker: HouseholdLinker
) -> Iterator[Effect]:
    of_table: dict[Table, list[RecordChange]] = {}
    for change in changes:
        of_table.setdefault(TABLES[change.entry.form.kind], []).append(change)
    for table, some in of_table.items():
        ids = [change.recorded.id for change in some]
        audit.note_unfit(importer.connection, importer.now, importer.author, table.name, ids)
        before = rows_by_id(importer.connection, table, ids)
        for change in some:
            yield _change(change, before[change.recorded.id], importer, linker)


def _change(change: RecordChange, before: RowMapping, importer: Importer, linker: HouseholdLinker) -> Effect:
    """Changes one record, if it still has the version that it was compared with."""
    form = change.entry.form
    record, table = to_record(form, before), TABLES[form.kind]
    if record.version != change.recorded.version:
        raise EditConflict(record)
    columns = _changed_columns(change, record, importer)
    if _NAMING & set(change.fields):
        new = {name: value for name, (_, value) in change.fields.items()}
        columns["household_id"] = linker.household_of({**record.values, **new})
        _flush(linker, importer)
    what: dict[str, Any] = {"fields": list(change.fields)}
    action: str = Action.EDIT
    if change.reports:
        action, state = REPORT.id, REPORT.after(record.state)
        columns |= {"state": state.value, "rectified_on": change.entry.rectified_on or importer.now.date()}
        columns |= {"reported_by": importer.account.id, "reporting_unit_code": importer.account.unit_code}
        what |= {"from": record.state.value, "to": state.value}
    stamps = {"form_version": form.version, "version": record.version + 1, "changed_at": importer.now}
    ended = _end_waiting(change, columns, record, importer)
    same = update(table).where(table.c.id == record.id, table.c.version == record.version)
    if importer.connection.execute(same.values(columns | ended | stamps)).rowcount != 1:
        raise EditConflict(record)
    if UNITS_TEXT in change.fields:
        naming = Naming(record.id, record.unit_code, columns[UNITS_TEXT])
        name_other_units(importer.connection, importer.campaign, naming)
    said = [audit.AuditEntry(table.name, record.id, action, what)]
    audit.record_many(importer.connection, importer.now, importer.author, said)
    return changed_effect(table, before, columns | stamps, str(stamps["version"]))


def _end_waiting(
    change: RecordChange, columns: Mapping[str, Any], record: Record, importer: Importer
) -> dict[str, Any]:
    """Columns of what ends with the change, and stays ended when the import is undone."""
    connection, now, author = importer.connection, importer.now, importer.author
    if change.reports:
        return end_waiting(connection, now, author, record)
    if UNITS_TEXT in change.fields:
        return settle_unnamed(connection, now, author, importer.campaign, record, columns[UNITS_TEXT])
    return {}


def _changed_columns(change: RecordChange, record: Record, importer: Importer) -> dict[str, Any]:
    """All columns of the record's fields; an item that the problem type's area does not hold is dropped."""
    values = {**record.values, **{field_id: new for field_id, (_, new) in change.fields.items()}}
    values = with_computed(importer.campaign, record.form, values, importer.now.date())
    columns = with_township(importer.campaign, to_columns(record.form, values))
    if "area_id" not in TABLES[record.form.kind].c:
        return columns
    area = importer.campaign.area_of_problem_type[columns["problem_type_id"]]
    held = record.item_id in {item.id for item in area.all_items}
    return columns | {"area_id": area.id, "item_id": record.item_id if held else None}


def _new_ids(now: datetime, first: int, count: int) -> list[str]:
    """UUIDs (version 7) in the order of the workbook's rows, so that exports keep it."""
    made = f"{int(now.timestamp() * 1000):012x}"
    lots = array("Q", secrets.token_bytes(8 * count))
    ids = []
    for number, lot in enumerate(lots, first):
        upper, lower = divmod(number, 1 << _COUNTED_LAST)
        figures = f"{(0b10 << _COUNTED_LAST | lower) << _CHANCE | lot >> (64 - _CHANCE):016x}"
        ids.append(f"{made[:8]}-{made[8:]}-7{upper & 0xFFF:03x}-{figures[:4]}-{figures[4:]}")
    return ids


@contextmanager
def _room(connection: Connection) -> Iterator[None]:
    """Enlarge SQLite's page cache during a bulk insert, so that index pages stay in memory."""
    if connection.dialect.name != "sqlite":
        yield
        return
    before = connection.exec_driver_sql("PRAGMA cache_size").scalar_one()
    connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE}")
    try:
        yield
    finally:
        connection.exec_driver_sql(f"PRAGMA cache_size = {before}")
