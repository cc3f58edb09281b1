"""What is changed in the database past the program is named, whichever column of whichever table it is."""

import ast
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, Column, Connection, Engine, Table, delete, insert, select, update

from build_scripts.progress import silent
from checklist.states import State
from forms_server import audit
from forms_server.accounts import account_store
from forms_server.audit_chain import Fault, FaultKind, first_fault
from forms_server.audit_words import SUBJECT_WORDS
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.record_digests import COVERED, NOT_COVERED, subject_id
from forms_server.record_verification import RecordFaultKind, record_faults, seal_records, unfit_records
from tests.faults.one_of_each import MORE, ROWS
from tests.records.builders import AUDIT_KEY, MORNING
from tests.whole import faults_of


@contextmanager
def tampered(engine: Engine) -> Iterator[Connection]:
    """A transaction that is rolled back; foreign keys and checks stand in no intruder's way."""
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")  # pragmas change nothing inside a transaction
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = ON")
        connection.exec_driver_sql("BEGIN")
        yield connection
        connection.rollback()
    engine.dispose()


def named(connection: Connection) -> set[tuple[str, str, RecordFaultKind]]:
    found = record_faults(connection, silent)
    return {(each.subject, each.subject_id, each.kind) for each in found}


_OTHERS: dict[str, Any] = {
    "state": {
        "possible_double": "same",
        "visit": "finished",
        "signed_return": "received",
        "extension_request": "granted",
        "transfer": "refused",
        "late_entry": "taken",
    },
    "side": {"photo": "after"},
    "kind": {"import_batch": "roster"},
    "record_table": dict.fromkeys(("finding", "possible_double"), "proposed_household"),
    "answer": {"visit_answer": "fine"},
}
_CHANGES: dict[type, Callable[[Any], Any]] = {
    bool: lambda cell: not cell,
    int: lambda cell: (cell or 0) + 1,
    datetime: lambda cell: (cell or MORNING) + timedelta(seconds=1),
    date: lambda cell: (cell or MORNING.date()) + timedelta(days=1),
    bytes: lambda cell: (cell or b"") + b"\x00",
    dict: lambda cell: {"forged": cell},
    str: lambda cell: "x" + (cell or "")[1:],
}


def other(column: Column[Any], cell: Any) -> Any:
    """Another value that the column takes."""
    if column.name == "state" and column.table.name in {"issue", "proposed_household"}:
        return State.WITHDRAWN.value
    if column.name in _OTHERS and column.table.name in _OTHERS[column.name]:
        return _OTHERS[column.name][column.table.name]
    return _CHANGES[dict if isinstance(column.type, JSON) else column.type.python_type](cell)


def test_a_database_that_only_the_program_wrote_is_whole(engine):
    assert faults_of(engine) == []


def test_both_databases_have_the_same_digests(engine, engine_of_postgresql):
    digests = []
    for each in (engine, engine_of_postgresql):
        assert faults_of(each) == []
        with each.connect() as connection:
            digests.append(
                connection.execute(select(tables.audit.c.digest).order_by(tables.audit.c.id)).all()
            )
    assert digests[0] == digests[1]
    assert len(digests[0]) == len(ROWS) + 2


def test_every_table_is_covered_or_has_a_reason():
    covered = {part.table.name for parts in COVERED.values() for part in parts}
    assert covered.isdisjoint(NOT_COVERED)
    assert covered | NOT_COVERED.keys() == set(tables.metadata.tables)
    assert all(NOT_COVERED.values())
    assert COVERED.keys() == ROWS.keys()
    assert COVERED.keys() < SUBJECT_WORDS.keys()


@pytest.mark.parametrize("subject", COVERED)
def test_a_change_of_any_column_names_the_record(engine, subject):
    lost = []
    for table, row in _rows(subject):
        keys = {part.key for part in COVERED[subject] if part.table is table}.pop()
        for column in table.c:
            if column.computed is not None or column.name in keys:
                continue
            with tampered(engine) as connection:
                forged = other(column, row.get(column.name))
                statement = update(table).where(*(table.c[name] == row[name] for name in keys))
                connection.execute(statement.values({column.name: forged}))
                identity = subject_id(subject, ROWS[subject])
                if named(connection) != {(subject, identity, RecordFaultKind.ALTERED)}:
                    lost.append(f"{table.name}.{column.name}")
    assert lost == []


def _rows(subject: str) -> Iterator[tuple[Table, dict[str, Any]]]:
    yield COVERED[subject][0].table, ROWS[subject]
    yield from MORE.get(subject, ())


@pytest.mark.parametrize("subject", COVERED)
def test_a_row_that_is_deleted_or_added_is_named(engine, subject):
    table, identity = COVERED[subject][0].table, subject_id(subject, ROWS[subject])
    same = [table.c[name] == ROWS[subject][name] for name in COVERED[subject][0].key]
    with tampered(engine) as connection:
        row = dict(connection.execute(select(table).where(*same)).mappings().one())
        connection.execute(delete(table).where(*same))
        assert named(connection) == {(subject, identity, RecordFaultKind.REMOVED)}
        audit.record(connection, MORNING, None, subject, identity, "undo")
        assert named(connection) == set()
        stored = {name: cell for name, cell in row.items() if table.c[name].computed is None}
        connection.execute(insert(table).values(stored))
        assert named(connection) == {(subject, identity, RecordFaultKind.RETURNED)}
        connection.execute(delete(tables.audit).where(tables.audit.c.subject == subject))
        assert (subject, identity, RecordFaultKind.ADDED) in named(connection)


def test_an_emptied_audit_is_not_whole(engine):
    with transaction(engine) as connection:
        connection.execute(delete(tables.audit))
        connection.execute(delete(tables.audit_head))
    faults = faults_of(engine)
    assert {each.subject for each in faults} == set(COVERED)
    assert {each.kind for each in faults} == {RecordFaultKind.ADDED}


def test_a_digest_that_is_replaced_breaks_the_chain(engine):
    for forged in (None, "", "0" * 32):
        with tampered(engine) as connection:
            connection.execute(update(tables.audit).where(tables.audit.c.id == 3).values(digest=forged))
            head, rows = audit.read_head(connection), audit.read_rows(connection)
            assert first_fault(AUDIT_KEY, head, rows) == Fault(3, FaultKind.ALTERED)


def test_records_of_an_older_version_are_sealed_once(engine):
    with transaction(engine) as connection:
        connection.execute(delete(tables.audit))
        connection.execute(delete(tables.audit_head))
        assert seal_records(connection, MORNING) == len(ROWS) + 2
        assert seal_records(connection, MORNING) == 0
    assert faults_of(engine) == []


def test_a_change_by_the_program_does_not_vouch_for_what_was_tampered_with(engine):
    """Every function that changes a record first says that the record is not as it was left."""
    account = ROWS["account"]
    with transaction(engine) as connection:
        stored = account_store.find(connection, account["id"])
        assert stored
        account_store.set_disabled(connection, MORNING, None, stored, False)
        assert list(unfit_records(connection)) == []
        same = tables.account.c.id == account["id"]
        connection.execute(update(tables.account).where(same).values(role="office"))
        account_store.set_disabled(connection, MORNING, None, stored, False)
    assert faults_of(engine) == []
    with transaction(engine) as connection:
        account_store.set_disabled(connection, MORNING, None, stored, True)
        (found,) = unfit_records(connection)
    assert (found.subject_id, found.kind) == (account["id"], RecordFaultKind.UNFIT)


def test_a_row_that_only_notes_something_does_not_vouch_for_the_record(engine):
    account = ROWS["account"]
    with transaction(engine) as connection:
        same = tables.account.c.id == account["id"]
        connection.execute(update(tables.account).where(same).values(role="office"))
        audit.record(connection, MORNING, None, "account", account["id"], "sign-in", alters=False)
    assert [each.subject_id for each in faults_of(engine)] == [account["id"]]


LOOKED_BEFORE = {
    "accounts/account_store.py": {"end_sessions"},
    "accounts/seeing_as.py": {"_set"},
    "accounts/second_factor.py": {
        "confirm_enrolment",
        "accept_code",
        "remove_factor",
        "_new_codes",
        "_accept_totp",
    },
    "accounts/signing_in.py": {"give_code", "_begin_pending"},
    "backup/rekeying.py": {"rekey"},
    "figures/wall_address.py": {"_drop"},
    "imports/batch_undo.py": {"_restore", "_restore_record"},
    "imports/import_storage.py": {"_change"},
    "imports/remembered_readings.py": {"_upsert"},
    "imports/roster_import.py": {"_update"},
    "packs/pack_standing.py": {"contact", "revoke"},
    "personal_data/erasure.py": {"_forget_drafts", "_forget_unfiled"},
    "records/drafts.py": {"save", "_make_room"},
    "records/record_rows.py": {"_change"},
    "reminders/calendar_feeds.py": {"end"},
    "reminders/mail_addresses.py": {"save", "reminded"},
    "reminders/unit_contacts.py": {"save_contact"},
    "visits/visit_store.py": {"_store_answers", "_change"},
}
"""Functions that change or delete rows without looking: their caller looked, or the rows have no digest
(``NOT_COVERED``). ``rekey`` makes all digests anew and says so."""


def test_whatever_changes_or_deletes_a_record_looks_first_whether_it_is_as_it_was_left():
    room = Path(__file__).parents[2] / "forms_server"
    found: dict[str, set[str]] = {}
    for path in room.rglob("*.py"):
        source, name = path.read_text(encoding="utf-8"), path.relative_to(room).as_posix()
        if "audit" not in source or name.startswith(("db/", "demo/")) or name == "audit.py":
            continue
        for function in (each for each in ast.walk(ast.parse(source)) if isinstance(each, ast.FunctionDef)):
            called = {ast.unparse(each.func) for each in ast.walk(function) if isinstance(each, ast.Call)}
            writes = called & {"update", "delete"} or any("on_conflict_do_update" in each for each in called)
            if writes and not any(each.endswith("note_unfit") for each in called):
                found.setdefault(name, set()).add(function.name)
    assert found == LOOKED_BEFORE
