"""Migrates a database to the newest schema version with Alembic, from Python."""

from enum import Enum, auto
from functools import lru_cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from forms_server.db import tally_triggers
from forms_server.db.engine import transaction, unguarded

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> bool:
    """Create or migrate the tables to the newest version in one transaction.

    Returns:
        Whether there was anything to do.
    """
    with transaction(unguarded(engine)) as connection:
        before = version(connection)
        upgrade(connection)
        return version(connection) != before


def upgrade(connection: Connection, to: str = "head") -> None:
    """Migrate the tables to a version within a transaction; the newest version gets the current triggers.

    Triggers are installed after all migrations: they may name columns that the last one adds, and SQLite loses the
    triggers of a table that a migration copies.
    """
    before = version(connection)
    command.upgrade(_alembic(connection), to)
    if before != version(connection) == newest_version():
        tally_triggers.install(connection)


class SchemaState(Enum):
    """A database's schema version relative to this program's."""

    NONE = auto()
    """Empty database."""
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()
    """Unknown version."""


def standing(engine: Engine) -> SchemaState:
    """Compare the database's schema version with this program's."""
    with engine.connect() as connection:
        found = version(connection)
    if found == newest_version():
        return SchemaState.CURRENT
    if found is None:
        return SchemaState.NONE
    return SchemaState.OLDER if found in known_versions() else SchemaState.NEWER


@lru_cache
def newest_version() -> str:
    """This program's schema version."""
    head = ScriptDirectory(MIGRATIONS).get_current_head()
    assert head
    return head


def known_versions() -> frozenset[str]:
    """All schema versions of these migrations."""
    return frozenset(script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions())


def version(connection: Connection) -> str | None:
    """Schema version of a database; None without tables."""
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> Config:
    config = Config()
    # % would start an interpolation of the ini file that this is not.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
