"""Brings a database to the newest version of the tables, with Alembic, from Python."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from forms_server.db.engine import transaction

MIGRATIONS = Path(__file__).parent / "migrations"


def migrate(engine: Engine) -> bool:
    """Creates the tables or brings them to the newest version, all or nothing.

    Returns:
        Whether there was anything to do.
    """
    with transaction(engine) as connection:
        before = version(connection)
        upgrade(connection)
        return version(connection) != before


def upgrade(connection: Connection, to: str = "head") -> None:
    """Brings the tables to a version, as part of a transaction."""
    command.upgrade(_alembic(connection), to)


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest version of the tables."""
    with engine.connect() as connection:
        return version(connection) == ScriptDirectory(MIGRATIONS).get_current_head()


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
