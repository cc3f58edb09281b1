"""Brings a database to the newest version of the tables, with Alembic, from Python."""

from enum import Enum, auto
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from forms_server.db import triggers
from forms_server.db.engine import transaction

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> bool:
    """Create the tables or brings them to the newest version, all or nothing.

    Returns:
        Whether there was anything to do.
    """
    with transaction(engine) as connection:
        before = version(connection)
        upgrade(connection)
        return version(connection) != before


def upgrade(connection: Connection, to: str = "head") -> None:
    """Bring the tables to a version, as part of a transaction; the newest gets today's triggers.

    They are installed once all migrations are done, since they name columns that only the last of these may add, and
    since SQLite loses a table's triggers where a migration copies it.
    """
    before = version(connection)
    command.upgrade(_alembic(connection), to)
    if before != version(connection) == ScriptDirectory(MIGRATIONS).get_current_head():
        triggers.install(connection)


class SchemaState(Enum):
    """What a database's version of the tables is to this program."""

    NONE = auto()
    """It has no tables yet."""
    OLDER = auto()
    CURRENT = auto()
    NEWER = auto()
    """None that this program knows."""


def standing(engine: Engine) -> SchemaState:
    """How the database's version of the tables stands to this program's."""
    with engine.connect() as connection:
        found = version(connection)
    if found == ScriptDirectory(MIGRATIONS).get_current_head():
        return SchemaState.CURRENT
    if found is None:
        return SchemaState.NONE
    return SchemaState.OLDER if found in known_versions() else SchemaState.NEWER


def known_versions() -> frozenset[str]:
    """Every version of the tables that these migrations lead through."""
    return frozenset(script.revision for script in ScriptDirectory(MIGRATIONS).walk_revisions())


def version(connection: Connection) -> str | None:
    """The version of a database's tables; None where it has none yet."""
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> Config:
    config = Config()
    # % would start an interpolation of the ini file that this is not.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
