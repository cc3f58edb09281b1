"""Only damage of what is stored counts as damage."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from forms_server.db.engine import make_engine, transaction
from forms_server.health import stored_damage
from forms_server.health.stored_damage import is_damaged
from tests.records.builders import AUDIT_KEY


def test_a_whole_database_is_not_damaged(engine):
    assert not is_damaged(engine, 60)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE visit SET created_at = 'yesterday'",
        "UPDATE visit SET extra = '{'",
        "UPDATE issue SET version = 7",
        "ALTER TABLE return_scan DROP COLUMN size",
        "DELETE FROM audit WHERE id = 3",
    ],
)
def test_what_was_done_to_the_content_is_damage(engine, statement):
    with transaction(engine) as connection:
        connection.execute(text(statement))
    assert is_damaged(engine, 60)


def test_a_database_that_cannot_be_opened_is_not_damaged(tmp_path):
    assert not is_damaged(make_engine(f"sqlite:///{tmp_path}/no/such.sqlite3", AUDIT_KEY), 60)


@pytest.mark.parametrize("name", ["SQLITE_BUSY", "SQLITE_IOERR_READ", "SQLITE_FULL"])
def test_a_busy_or_full_database_is_not_damaged(engine, monkeypatch, name):
    def fails(*_: object) -> None:
        error = Exception()
        error.sqlite_errorname = name
        raise OperationalError("SELECT", {}, error)

    monkeypatch.setattr(stored_damage, "damage", fails)
    assert not is_damaged(engine, 60)


def test_a_fault_of_the_program_beside_a_whole_database_is_no_damage(engine, monkeypatch):
    monkeypatch.setattr(stored_damage, "snapshot", lambda _engine: (_ for _ in ()).throw(OSError()))
    assert not is_damaged(engine, 60)
