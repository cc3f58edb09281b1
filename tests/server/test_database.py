"""The engine and the migrations, on SQLite and on a real PostgreSQL."""

import threading
from types import ModuleType

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import JSON, CheckConstraint, func, insert, inspect, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from forms_server.db import tables
from forms_server.db.engine import UnsoundSQLite, make_engine, require_sound_sqlite, transaction
from forms_server.db.migrate import SchemaState, migrate, standing

FAILURE = tables.sign_in_failure


@pytest.fixture
def engine(database):
    engine = make_engine(database)
    yield engine
    engine.dispose()


def row(key: str, at) -> dict:
    return {"key": key, "failures": 1, "last_at": at}


def test_migrating_leads_to_the_tables_as_they_are_written_down(engine):
    migrate(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, tables.metadata) == []
        for table in tables.metadata.tables.values():
            written = {str(check.name) for check in table.constraints if isinstance(check, CheckConstraint)}
            assert {
                check["name"] for check in inspect(connection).get_check_constraints(table.name)
            } == written


def test_migrating_a_second_time_changes_nothing(engine):
    assert standing(engine) is SchemaState.NONE
    assert migrate(engine)
    assert standing(engine) is SchemaState.CURRENT
    assert not migrate(engine)


def test_two_migrations_at_once_make_one_database(engine):
    outcomes: list[bool] = []
    threads = [threading.Thread(target=lambda: outcomes.append(migrate(engine))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False, True]


def test_a_transaction_is_undone_by_an_exception(engine, now):
    migrate(engine)

    def twice() -> None:
        with transaction(engine) as connection:
            for _ in range(2):
                connection.execute(insert(FAILURE).values(row("a", now)))

    with pytest.raises(IntegrityError):
        twice()
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(FAILURE)).scalar() == 0


def test_what_goes_to_the_log_of_a_failure_holds_nothing_that_was_to_be_stored(engine):
    with pytest.raises(DBAPIError) as failure, transaction(engine) as connection:
        connection.execute(text("INSERT INTO nowhere (name) VALUES (:name)"), {"name": "金某某"})
    assert "nowhere" in str(failure.value)
    assert "金某某" not in str(failure.value)


def test_transactions_that_read_and_then_write_wait_for_each_other(engine, now):
    """With a plain BEGIN, SQLite would refuse the second at once: database is locked."""
    migrate(engine)

    def add(number: int) -> None:
        for turn in range(10):
            with transaction(engine) as connection:
                connection.execute(select(func.count()).select_from(FAILURE)).scalar()
                connection.execute(insert(FAILURE).values(row(f"{number}-{turn}", now)))

    threads = [threading.Thread(target=add, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(FAILURE)).scalar() == 40


def test_sqlite_is_durable_and_checks_references(tmp_path):
    with make_engine(f"sqlite:///{tmp_path}/test.sqlite3").connect() as connection:
        pragmas = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in
                   ("journal_mode", "synchronous", "foreign_keys")}  # fmt: skip
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


@pytest.mark.parametrize("version", [(3, 40, 1), (3, 51, 2)])
def test_a_library_that_could_corrupt_the_database_is_refused(version):
    module = ModuleType("sqlite")
    module.sqlite_version_info = version
    module.sqlite_version = ".".join(map(str, version))
    with pytest.raises(UnsoundSQLite, match=module.sqlite_version):
        require_sound_sqlite(module)


def test_a_url_without_a_driver_means_the_one_that_is_installed():
    engine = make_engine("postgresql://someone@nowhere/database")
    assert engine.dialect.driver == "psycopg"


def test_no_json_column_tells_null_from_nothing() -> None:
    """A backup tells them as little: a record's digest would differ after it is restored."""
    optional = [
        column
        for table in tables.metadata.sorted_tables
        for column in table.c
        if isinstance(column.type, JSON) and column.nullable
    ]
    assert optional
    assert [str(column) for column in optional if not column.type.none_as_null] == []
