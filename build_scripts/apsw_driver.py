"""A DB-API 2.0 driver over apsw, with the parts of ``sqlite3`` that SQLAlchemy and this program use.

For machines without a wheel of pysqlite3, such as ARM: apsw has wheels for them and brings a sound SQLite. Connections
never begin transactions by themselves, as with ``isolation_level=None`` of ``sqlite3``.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import apsw

apilevel, threadsafety, paramstyle = "2.0", 1, "qmark"
sqlite_version = apsw.sqlite_lib_version()
sqlite_version_info = tuple(map(int, sqlite_version.split(".")))
Binary = bytes


class Error(Exception):
    """Any error; ``sqlite_errorname`` is SQLite's name of its code."""

    sqlite_errorname = ""


class DatabaseError(Error):
    """An error of the database."""


class InterfaceError(Error):
    """An error of the driver; never raised."""


class OperationalError(DatabaseError):
    """Busy, full, unreadable, or SQL that can't be run."""


class IntegrityError(DatabaseError):
    """A constraint was violated."""


class ProgrammingError(DatabaseError):
    """A wrong use of the driver, such as of a closed connection."""


class NotSupportedError(DatabaseError):
    """Never raised."""


class DataError(DatabaseError):
    """Never raised."""


class InternalError(DatabaseError):
    """Never raised."""


_MISUSED = (
    apsw.BindingsError,
    apsw.ConnectionClosedError,
    apsw.CursorClosedError,
    apsw.MisuseError,
    apsw.ThreadingViolationError,
)


def connect(
    database: str, *, timeout: float = 5.0, uri: bool = False, check_same_thread: bool = False
) -> "Connection":
    """Open a database.

    Args:
        database: path, or a ``file:`` address if ``uri``.
        timeout: seconds to wait for a lock.
        uri: whether it is an address.
        check_same_thread: ignored; threads may take turns.
    """
    flags = apsw.SQLITE_OPEN_READWRITE | apsw.SQLITE_OPEN_CREATE | (apsw.SQLITE_OPEN_URI if uri else 0)
    with _translated():
        return Connection(apsw.Connection(database, flags=flags), timeout)


class Connection:
    """A connection."""

    def __init__(self, opened: apsw.Connection, timeout: float) -> None:
        self._opened = opened
        self.isolation_level: str | None = None
        opened.set_busy_timeout(int(timeout * 1000))

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        with _translated():
            return self._opened.in_transaction

    def cursor(self) -> "Cursor":
        """A new cursor."""
        with _translated():
            return Cursor(self._opened)

    def execute(self, statement: str, parameters: Sequence[Any] = ()) -> "Cursor":
        """Run a statement on a new cursor."""
        return self.cursor().execute(statement, parameters)

    def create_function(
        self, name: str, narg: int, func: Callable[..., Any], *, deterministic: bool = False
    ) -> None:
        """Register a scalar function."""
        with _translated():
            self._opened.create_scalar_function(name, func, narg, deterministic=deterministic)

    def commit(self) -> None:
        """End a transaction, if there is one."""
        if self.in_transaction:
            self.execute("COMMIT")

    def rollback(self) -> None:
        """Undo a transaction, if there is one."""
        if self.in_transaction:
            self.execute("ROLLBACK")

    def close(self) -> None:
        """Close it; statements that are still running are ended."""
        with _translated():
            self._opened.close(True)


class Cursor:
    """A cursor over the rows of one statement."""

    arraysize = 1

    def __init__(self, opened: apsw.Connection) -> None:
        self._connection = opened
        self._cursor = opened.cursor()
        self._next: list[Any] = []
        self.description: tuple[tuple[Any, ...], ...] | None = None
        self.rowcount = -1
        self.lastrowid: int | None = None

    def execute(self, statement: str, parameters: Any = ()) -> "Cursor":
        """Run a statement up to its first row; ``rowcount`` is that of one that gives no rows."""
        with _translated():
            self._next, self.rowcount, self.description = [], -1, None
            before = self._connection.total_changes()
            self._cursor.exec_trace = self._describe
            try:
                self._cursor.execute(statement, parameters)
            finally:
                # A reference to this object would keep an open statement, with its lock, alive.
                self._cursor.exec_trace = None
            first = self._cursor.fetchone()  # so that errors come now
            self._next = [] if first is None else [first]
            if self.description is None:
                changed = self._connection.total_changes() != before
                self.rowcount = self._connection.changes() if changed else 0
                self.lastrowid = self._connection.last_insert_rowid()
        return self

    def _describe(self, cursor: apsw.Cursor, _statement: str, _bindings: Any) -> bool:
        """Note the columns before the first step: apsw has none any more of a statement that is done."""
        if found := cursor.get_description():
            self.description = tuple((name, *(None,) * 6) for name, *_ in found)
        return True

    def executemany(self, statement: str, parameters: Iterable[Any]) -> "Cursor":
        """Run a statement for each set of parameters; ``rowcount`` is not told."""
        with _translated():
            self._next, self.rowcount, self.description = [], -1, None
            self._cursor.executemany(statement, parameters)
        return self

    def fetchone(self) -> Any:
        """The next row, or None."""
        if self._next:
            return self._next.pop()
        with _translated():
            return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        """The remaining rows."""
        kept, self._next = self._next, []
        with _translated():
            return kept + self._cursor.fetchall()

    def fetchmany(self, size: int | None = None) -> list[Any]:
        """Up to so many rows."""
        rows: list[Any] = []
        while len(rows) < (size or self.arraysize) and (row := self.fetchone()) is not None:
            rows.append(row)
        return rows

    def __iter__(self) -> Iterator[Any]:
        while (row := self.fetchone()) is not None:
            yield row

    def close(self) -> None:
        """Close it."""
        with _translated():
            self._cursor.close(True)


@contextmanager
def _translated() -> Iterator[None]:
    """Raise this module's errors for those of apsw."""
    try:
        yield
    except apsw.Error as error:
        raise _translation(error) from error


def _translation(error: apsw.Error) -> Error:
    if isinstance(error, _MISUSED):
        closed = isinstance(error, apsw.ConnectionClosedError)
        return ProgrammingError("Cannot operate on a closed database." if closed else str(error))
    kind: type[Error] = OperationalError
    if isinstance(error, (apsw.ConstraintError, apsw.MismatchError)):
        kind = IntegrityError
    elif isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        kind = DatabaseError
    made = kind(str(error))
    codes = apsw.mapping_extended_result_codes, apsw.mapping_result_codes
    names = (
        codes[0].get(getattr(error, "extendedresult", 0)),
        codes[1].get(getattr(error, "result", 0) & 0xFF),
    )
    made.sqlite_errorname = next((str(name) for name in names if name), "")
    return made
