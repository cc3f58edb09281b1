"""The engine: durable, safe on SQLite, and the same to its callers on PostgreSQL."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from types import ModuleType
from typing import Any

import pysqlite3
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError, TimeoutError

SOUND_SQLITE = (3, 51, 3)
"""The first version without the bug of 3.7.0 to 3.51.2 that can corrupt a database in WAL mode."""

BUSY_SECONDS = 15
"""How long a writer waits for another one before it gives up."""

_AUDIT_KEY = "huitoukan_audit_key"
"""Name of the engine's option that holds the key."""

_TURN = "huitoukan_turn"
"""Name of the option of an SQLite engine that holds its queue of writers."""

_PRIVATE = {"hide_parameters": True}
"""An error goes to the log with its statement, never with the names that it was to store."""

_ONE_AT_A_TIME = f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'; SELECT pg_advisory_xact_lock(20220831)"
"""The number is any that nobody else uses in this database."""


@dataclass(frozen=True)
class _Turn:
    """Where the writers of an SQLite database queue: the threads of a process, and then the processes."""

    file: str
    threads: Lock = field(default_factory=Lock)


class UnsoundSQLite(RuntimeError):
    """The SQLite library could corrupt the database."""


def require_sound_sqlite(module: ModuleType = pysqlite3) -> None:
    """Refuse a library with the WAL bug.

    Raises:
        UnsoundSQLite: and says what to install.
    """
    if module.sqlite_version_info < SOUND_SQLITE:
        raise UnsoundSQLite(
            f"SQLite {module.sqlite_version} 的 WAL 模式可能损坏数据库，不能启动："
            "请安装带有 3.51.3 或更新版本的 pysqlite3（pip install -r requirements.txt）"
        )


def make_engine(url: str, key: bytes | None = None) -> Engine:
    """An engine for an SQLAlchemy URL; it connects on first use.

    Args:
        url: of the database.
        key: of the audit; without it nothing can be written that leaves a row there.

    Raises:
        UnsoundSQLite: for SQLite with a library that could corrupt the database.
    """
    parsed = make_url(url)
    options = {_AUDIT_KEY: key}
    return _sqlite(parsed, options) if parsed.get_backend_name() == "sqlite" else _server(parsed, options)


def audit_key(connection: Connection) -> bytes:
    """The key of the audit that the connection's engine was made with.

    Raises:
        KeyError: it was made without one.
    """
    key: bytes | None = connection.get_execution_options().get(_AUDIT_KEY)
    if key is None:
        raise KeyError("the engine was made without the audit's key")
    return key


def _server(url: URL, options: dict[str, Any]) -> Engine:
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    return create_engine(url, pool_pre_ping=True, execution_options=options, **_PRIVATE)


# The driver looks on each None for a method that would convert it, and fails: a microsecond a cell. This is found.
pysqlite3.register_adapter(type(None), {None: None}.get)


def _sqlite(url: URL, options: dict[str, Any]) -> Engine:
    require_sound_sqlite()
    connect = {"timeout": BUSY_SECONDS}
    if url.database:
        options = {**options, _TURN: _Turn(f"{url.database}-turn")}
    engine = create_engine(url, module=pysqlite3, connect_args=connect, execution_options=options, **_PRIVATE)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # SQLAlchemy emits BEGIN itself (below): the driver's own idea of when to begin is wrong for DDL and reads.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A transaction that reads first and writes later would fail at once where another one wrote in between.
        writes = connection.get_execution_options().get("huitoukan_writes", False)
        # By the driver itself: what SQLAlchemy does around a statement would cost more than the statement.
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except pysqlite3.OperationalError as error:
            raise OperationalError("BEGIN", None, error) from error

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed at the end of the block, rolled back on any exception.

    There is one at a time, on PostgreSQL as on SQLite: each links its rows of the audit to those of the one before,
    and none ever waits for a record that another one holds.

    Raises:
        sqlalchemy.exc.TimeoutError: where others kept it waiting for ``BUSY_SECONDS``, like a full pool. On SQLite
            those of this process: another process, such as a long import, is waited for until it is done or gone.
    """
    writing = engine.connect().execution_options(huitoukan_writes=True)
    with _turn(engine), writing as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(_ONE_AT_A_TIME)
        yield connection


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that reads the database as it is at its first statement, whatever others write meanwhile."""
    reader = engine
    if engine.dialect.name == "postgresql":  # SQLite's transactions all read so
        reader = engine.execution_options(isolation_level="REPEATABLE READ")
    with reader.connect() as connection:
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Wait for this writer's turn on SQLite, which itself has no queue.

    Its waiters ask again and again, ever more rarely, so that under load the latest come first and some never do.
    PostgreSQL's lock has a queue. A worker that is killed lets go of the file with everything else.
    """
    turn: _Turn | None = engine.get_execution_options().get(_TURN)
    if turn is None:
        yield
        return
    if not turn.threads.acquire(timeout=BUSY_SECONDS):
        raise TimeoutError("other writers of this process take too long")
    try:
        # Opened anew: what was opened before a fork would be one lock for both processes.
        file = os.open(turn.file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
    finally:
        turn.threads.release()


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """An insert that knows ``on_conflict_do_update`` and ``on_conflict_do_nothing``, on either database."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
