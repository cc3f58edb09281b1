"""The triggers of a database are those of ``tally_triggers.sql``, by whatever way it came to its version."""

from hashlib import sha256

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import text

from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import MIGRATIONS, migrate, upgrade
from forms_server.db.tally_triggers import install, trigger_statements

SCRIPTS = [*reversed([*ScriptDirectory(MIGRATIONS).walk_revisions()])]

IN_POSTGRESQL = """
    SELECT pg_get_triggerdef(t.oid), p.proname, p.prosrc FROM pg_trigger t
    JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal ORDER BY 1
"""
FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace ORDER BY 1"


@pytest.fixture
def engine(database):
    engine = make_engine(database)
    yield engine
    engine.dispose()


def installed(engine) -> list:
    """The database's own text of its triggers and of what they call."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            found = "SELECT sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
            return list(connection.execute(text(found)).scalars())
        return [*connection.execute(text(IN_POSTGRESQL)).all(), *connection.execute(text(FUNCTIONS)).all()]


def bare(engine) -> list:
    """The triggers of a database in which the file's statements are all that ever made one."""
    with transaction(engine) as connection:
        upgrade(connection)
        drop_all(connection)
        for statement in trigger_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
    return installed(engine)


def drop_all(connection) -> None:
    if connection.dialect.name == "sqlite":
        for name in (
            connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).scalars().all()
        ):
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        return
    for (name,) in connection.execute(text(FUNCTIONS)).all():
        connection.exec_driver_sql(f"DROP FUNCTION {name} CASCADE")


def test_after_all_migrations_the_triggers_are_the_files(engine):
    migrate(engine)
    migrated = installed(engine)
    assert migrated
    assert migrated == bare(engine)
    if engine.dialect.name == "sqlite":  # which keeps a statement as it was written
        assert sorted(migrated) == sorted(trigger_statements("sqlite"))


def test_a_database_migrated_step_by_step_has_the_same_triggers(engine):
    for script in SCRIPTS:
        with transaction(engine) as connection:
            upgrade(connection, script.revision)
    assert installed(engine) == bare(engine)


@pytest.mark.parametrize("script", SCRIPTS[:-1], ids=lambda script: script.revision)
def test_a_database_of_any_version_gets_the_same_triggers(engine, script):
    with transaction(engine) as connection:
        upgrade(connection, script.revision)
    migrate(engine)
    assert installed(engine) == bare(engine)


def test_installing_replaces_what_is_there(engine):
    migrate(engine)
    before = installed(engine)
    with transaction(engine) as connection:
        stale = next(
            each for each in trigger_statements(connection.dialect.name) if each.startswith("CREATE TRIGGER")
        )
        connection.exec_driver_sql(stale.replace("CREATE TRIGGER ", "CREATE TRIGGER stale_", 1))
    assert installed(engine) != before
    with transaction(engine) as connection:
        install(connection)
    assert installed(engine) == before


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_change_of_the_triggers_comes_with_a_migration(dialect):
    """Nothing else would bring it to databases that are there; the migration's ``TRIGGERS`` names what it installs."""
    newest = [script.module.TRIGGERS for script in SCRIPTS if hasattr(script.module, "TRIGGERS")][-1]
    assert newest[dialect] == sha256("\n\n".join(trigger_statements(dialect)).encode()).hexdigest()
