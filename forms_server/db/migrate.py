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
        before = _version(connection)
        command.upgrade(_alembic(connection), "head")
        return _version(connection) != before


def is_current(engine: Engine) -> bool:
    """Whether the database has the newest version of the tables."""
    with engine.connect() as connection:
        return _version(connection) == ScriptDirectory(MIGRATIONS).get_current_head()


def _version(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _alembic(connection: Connection) -> Config:
    config = Config()
    # % would start an interpolation of the ini file that this is not.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
