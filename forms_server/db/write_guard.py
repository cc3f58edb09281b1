"""Keeps a server from writing while its data is upgraded, and afterwards, as long as it is of the old version."""

from pathlib import Path

from sqlalchemy import Connection, text

from build_scripts.database_trouble import WritesSuspended
from forms_server.db.driver_statements import run
from forms_server.db.migrate import newest_version
from forms_server.home_lock import is_upgrading

_VERSION = text("SELECT version_num FROM alembic_version")


class WriteGuard:
    """Asked before and within each write transaction.

    Args:
        home: of the data.
    """

    def __init__(self, home: Path) -> None:
        self._home = home
        self._version = newest_version()

    def before(self) -> None:
        """Look before waiting for a turn.

        Raises:
            WritesSuspended: the data is being upgraded.
        """
        if is_upgrading(self._home):
            raise WritesSuspended("the data is being upgraded")

    def within(self, connection: Connection) -> None:
        """Look again when it is certain that nobody else writes.

        Raises:
            WritesSuspended: the tables are another version's.
        """
        if run(connection, _VERSION, {}) != [(self._version,)]:
            raise WritesSuspended("the tables are another version's")
