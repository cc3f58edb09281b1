"""Group commit: short writers that queue at the same time share one transaction, and one wait for the disk.

Each has a savepoint of its own, so that one that fails takes nothing of the others along, and none is told that its
work is stored before the commit of all.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, OperationalError

from forms_server.db.driver_statements import run

MOST_PARTS = 16
"""Writers who share a commit at most."""

LONGEST_SECONDS = 0.05
"""How long a transaction takes more of them in: other processes wait for their turn meanwhile."""

_SAVE = text("SAVEPOINT part")
_RELEASE = text("RELEASE SAVEPOINT part")
_UNDO = text("ROLLBACK TO SAVEPOINT part")


class CommonTransaction:
    """A transaction with the work of one writer after the other: all of it is committed, or none.

    Args:
        connection: in a transaction that has just begun; it is closed at the end.
    """

    def __init__(self, connection: Connection) -> None:
        self.connection = connection
        self._began = time.monotonic()
        self._parts = 0
        self._failure: BaseException | None = None
        self._ended = Event()

    @property
    def takes_more(self) -> bool:
        """Whether another writer may go on with it."""
        return (
            self._failure is None
            and 0 < self._parts < MOST_PARTS
            and time.monotonic() - self._began < LONGEST_SECONDS
        )

    @contextmanager
    def part(self) -> Iterator[Connection]:
        """One writer's work; undone on any exception."""
        try:
            if self._parts:
                run(self.connection, _SAVE, {})
            yield self.connection
            if self._parts:
                run(self.connection, _RELEASE, {})
            self._parts += 1
        except BaseException:
            if self._parts:
                self._undo_part()
            raise
        # SQLite ends a transaction by itself after some faults: nothing may be added to one that is gone.
        driver = self.connection.connection.dbapi_connection
        if not getattr(driver, "in_transaction", True):
            self._failure = OperationalError("RELEASE", None, RuntimeError("the transaction has ended"))

    def end(self) -> None:
        """Commit, or roll back where nothing is left to commit; ``wait`` tells how it went."""
        try:
            if self._failure is None and self._parts:
                self.connection.commit()
        except BaseException as error:
            self._failure = error
        finally:
            try:
                with suppress(DBAPIError):
                    self.connection.rollback()  # what is not committed
                self.connection.close()
            finally:
                self._ended.set()

    def wait(self) -> None:
        """Wait for the end.

        Raises:
            sqlalchemy.exc.DBAPIError: the transaction could not be committed.
        """
        self._ended.wait()
        if self._failure:
            raise self._failure

    def _undo_part(self) -> None:
        try:
            run(self.connection, _UNDO, {})
            run(self.connection, _RELEASE, {})
        except Exception as error:
            self._failure = OperationalError("ROLLBACK", None, error)
