"""Engines and transactions: durable, serialized writers, the same interface on SQLite and PostgreSQL."""

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
"""Lock timeout of writers."""

_AUDIT_KEY = "huitoukan_audit_key"
"""Name of the engine's option that holds the key."""

_TURN = "huitoukan_turn"
"""Name of the SQLite engine's option with its write queue."""

_PRIVATE = {"hide_parameters": True}
"""Hide SQL parameters in error logs: they hold personal names."""

_ONE_AT_A_TIME = f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'; SELECT pg_advisory_xact_lock(20220831)"
"""Advisory lock that serializes writers on PostgreSQL; the key is arbitrary but fixed."""


@dataclass(frozen=True)
class _Turn:
    """The write queue of an SQLite database: first the threads of a process, then the processes."""

    file: str
    threads: Lock = field(default_factory=Lock)


class UnsoundSQLite(RuntimeError):
    """The SQLite library could corrupt the database."""


def require_sound_sqlite(module: ModuleType = pysqlite3) -> None:
    """Refuse a library with the WAL bug.

    Raises:
        UnsoundSQLite: with what to install.
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


def database_name(url: str) -> str:
    """A database for messages: its URL without the password."""
    return make_url(url).render_as_string(hide_password=True)


def audit_key(connection: Connection) -> bytes:
    """Audit key of the connection's engine.

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


# Without an adapter the driver searches each None for a conversion method in vain: 1 µs a cell.
pysqlite3.register_adapter(type(None), {None: None}.get)


def _sqlite(url: URL, options: dict[str, Any]) -> Engine:
    require_sound_sqlite()
    connect = {"timeout": BUSY_SECONDS}
    if url.database:
        options = {**options, _TURN: _Turn(f"{url.database}-turn")}
    engine = create_engine(url, module=pysqlite3, connect_args=connect, execution_options=options, **_PRIVATE)

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # SQLAlchemy emits BEGIN itself (below): the driver's implicit BEGIN is wrong for DDL and reads.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # BEGIN IMMEDIATE: upgrading a read transaction to a write fails if another one wrote in between.
        writes = connection.get_execution_options().get("huitoukan_writes", False)
        # Through the driver: SQLAlchemy's overhead would exceed the statement's cost.
        driver: Any = connection.connection.dbapi_connection
        try:
            driver.execute("BEGIN IMMEDIATE" if writes else "BEGIN")
        except pysqlite3.OperationalError as error:
            raise OperationalError("BEGIN", None, error) from error

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A transaction that may write: committed at the end of the block, rolled back on any exception.

    Writers are serialized, on PostgreSQL by an advisory lock: each appends to the audit's hash chain, and deadlocks on
    records cannot occur.

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
    """Read-only snapshot: repeatable reads as of the first statement."""
    reader = engine
    if engine.dialect.name == "postgresql":  # all of SQLite's transactions are snapshots
        reader = engine.execution_options(isolation_level="REPEATABLE READ")
    with reader.connect() as connection:
        yield connection


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Fair write queue for SQLite, which has none.

    SQLite's busy handler polls with backoff, so under load the newest writers win and others starve. PostgreSQL's lock
    has a queue. The kernel releases the file lock of a killed worker.
    """
    turn: _Turn | None = engine.get_execution_options().get(_TURN)
    if turn is None:
        yield
        return
    if not turn.threads.acquire(timeout=BUSY_SECONDS):
        raise TimeoutError("other writers of this process take too long")
    try:
        # Reopened for each turn: a descriptor from before a fork would share one lock between the processes.
        file = os.open(turn.file, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield
        finally:
            os.close(file)
    finally:
        turn.threads.release()


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Dialect-specific insert for upserts: ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
