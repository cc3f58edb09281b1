"""The in-memory DuckDB that rules run in: no files, no network, no extensions, limited memory and time."""

import atexit
import os
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb

_MOST_PREPARED = 100
"""Prepared statements kept: more than a campaign has registers."""

Table = Mapping[str, Sequence[str | None]]
"""Columns of text by name, all of the same length; what they mean is said by casts in the statement."""


@dataclass(frozen=True)
class RuleLimits:
    """What one evaluation may take."""

    memory: str = "512MB"
    seconds: float = 30.0


class RulesFailed(Exception):
    """A statement was not accepted or exceeded its limits; the text is DuckDB's own, in English."""


_SETTINGS: Mapping[str, str] = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    "python_enable_replacements": "false",
    # Nothing spills to a disk.
    "max_temp_directory_size": "0KB",
    "temp_directory": "",
    # Rows stay in their order, and a server keeps its other processor.
    "threads": "1",
    # A column of text is text, whatever its first thousand rows hold.
    "pandas_analyze_sample": "0",
    # What is divided by zero is blank: neither infinite nor an error.
    "ieee_floating_point_ops": "false",
    "error_on_division_by_zero": "false",
}


class LockedDatabase:
    """A DuckDB of one process, opened on first use; safe for threads. It is closed before the process forks."""

    def __init__(self, limits: RuleLimits | None = None) -> None:
        self._limits = limits or RuleLimits()
        self._lock = Lock()
        self._preparing = Lock()
        self._registered = False
        self._connection: duckdb.DuckDBPyConnection | None = None
        self._prepared: _Prepared | None = None

    def run(
        self, statement: str, tables: Mapping[str, Table] | None = None, values: Sequence[str] = ()
    ) -> list[tuple[Any, ...]]:
        """Return the rows of a statement.

        Args:
            statement: made by this room; what campaigns write is rendered anew before it becomes a part of one.
            tables: of text, under the names that the statement reads.
            values: of its ``?``.

        Raises:
            RulesFailed: DuckDB refuses it, or it took too long or too much memory.
        """
        import duckdb

        with self._cursor() as cursor, _limited(cursor, self._limits.seconds):
            try:
                for name, table in (tables or {}).items():
                    cursor.register(name, _arrays(table))
                return cursor.execute(statement, list(values)).fetchall()
            except duckdb.Error as error:
                raise RulesFailed(str(error)) from error

    def run_prepared(self, statement: str, values: Sequence[str | None]) -> list[tuple[Any, ...]]:
        """Return the rows of a statement with ``$1``, ``$2`` …, each a text or NULL.

        It is planned once: that is nine tenths of what a statement over one row costs.

        Raises:
            RulesFailed: DuckDB refuses it, or it took too long or too much memory.
        """
        import duckdb

        given = ", ".join("NULL" if value is None else literal(value) for value in values)
        with self._preparing:
            prepared = self._prepared_statements()
            try:
                with _limited(prepared.cursor, self._limits.seconds):
                    name = prepared.name_of(statement)
                    return prepared.cursor.execute(f"EXECUTE {name}({given})").fetchall()
            except duckdb.Error as error:
                raise RulesFailed(str(error)) from error

    def close(self) -> None:
        """Close it; the next statement opens it again."""
        with self._lock:
            if self._prepared is not None:
                self._prepared.cursor.close()
            if self._connection is not None:
                self._connection.close()
            self._connection, self._prepared = None, None

    def _prepared_statements(self) -> "_Prepared":
        if self._prepared is None:
            self._prepared = _Prepared(self._opened().cursor())
        return self._prepared

    @contextmanager
    def _cursor(self) -> "Iterator[duckdb.DuckDBPyConnection]":
        """Yield a connection of its own to the one database; tables registered in it go with it."""
        cursor = self._opened().cursor()
        try:
            yield cursor
        finally:
            cursor.close()

    def _opened(self) -> "duckdb.DuckDBPyConnection":
        with self._lock:
            if self._connection is None:
                self._connection = _connection(self._limits)
                self._closed_in_time()
            return self._connection

    def _closed_in_time(self) -> None:
        """Close it before a fork, after which the child would wait for ever; and at the interpreter's end.

        There it would be reported as a leak on stderr.
        """
        if not self._registered:
            self._registered = True
            os.register_at_fork(before=self.close)
            atexit.register(self.close)


class _Prepared:
    """Statements prepared in one connection, the last used ones."""

    def __init__(self, cursor: "duckdb.DuckDBPyConnection") -> None:
        self.cursor = cursor
        self._names: OrderedDict[str, str] = OrderedDict()
        self._made = 0

    def name_of(self, statement: str) -> str:
        """Return the name of a statement, which is prepared if it isn't yet."""
        if statement in self._names:
            self._names.move_to_end(statement)
            return self._names[statement]
        if len(self._names) >= _MOST_PREPARED:
            self.cursor.execute(f"DEALLOCATE {self._names.popitem(last=False)[1]}")
        self._made += 1
        name = f"rules_{self._made}"
        self.cursor.execute(f"PREPARE {name} AS {statement}")
        self._names[statement] = name
        return name


def literal(text: str) -> str:
    """Return a text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def _connection(limits: RuleLimits) -> "duckdb.DuckDBPyConnection":
    import duckdb

    connection = duckdb.connect(":memory:", config={**_SETTINGS, "memory_limit": limits.memory})
    connection.execute(
        "PRAGMA disable_optimizer"
    )  # a third faster for one row; nothing to optimise in a file
    connection.execute("SET lock_configuration = true")
    return connection


@contextmanager
def _limited(cursor: "duckdb.DuckDBPyConnection", seconds: float) -> Iterator[None]:
    timer = Timer(seconds, cursor.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _arrays(table: Table) -> dict[str, Any]:
    """Return the columns as arrays of objects, which DuckDB reads in place."""
    import numpy as np

    return {name: np.array(column, dtype=object) for name, column in table.items()}


RULES_DATABASE = LockedDatabase()
"""The process's own."""
