"""Engines and transactions: durable, serialized writers, the same interface on SQLite and PostgreSQL."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, Protocol

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError

from build_scripts.sqlite_library import sqlite_library
from forms_server.db.common_transaction import CommonTransaction
from forms_server.db.looking_on import require_writer
from forms_server.db.write_queue import BUSY_SECONDS, WriteQueue

SOUND_SQLITE = (3, 51, 3)
"""The first version without the bug of 3.7.0 to 3.51.2 that can corrupt a database in WAL mode."""

_AUDIT_KEY = "huitoukan_audit_key"
"""Name of the engine's option that holds the key."""

_QUEUE = "huitoukan_queue"
"""Name of the engine's option with its write queue."""

_GUARD = "huitoukan_guard"
"""Name of the engine's option with what may refuse to write."""

_PRIVATE = {"hide_parameters": True}
"""Hide SQL parameters in error logs: they hold personal names."""

_ONE_AT_A_TIME = "SET LOCAL lock_timeout = '{milliseconds}ms'; SELECT pg_advisory_xact_lock(20220831)"
"""Advisory lock that serializes writers on PostgreSQL; the key is arbitrary but fixed."""

_POOL = {"pool_size": 16, "max_overflow": 24, "pool_timeout": BUSY_SECONDS}
"""As many connections as a process has threads, and some; a thread that writes may read, too."""


class UnsoundSQLite(RuntimeError):
    """The SQLite library could corrupt the database."""


def require_sound_sqlite(module: ModuleType = sqlite_library) -> None:
    """Refuse a library with the WAL bug.

    Raises:
        UnsoundSQLite: with what to install.
    """
    if module.sqlite_version_info < SOUND_SQLITE:
        raise UnsoundSQLite(
            f"SQLite {module.sqlite_version} 的 WAL 模式可能损坏数据库，不能启动："
            "请安装带有 3.51.3 或更新版本的 pysqlite3 或 apsw（pip install -r requirements.txt）"
        )


class MayWrite(Protocol):
    """Refuses to write by an exception (``write_guard``)."""

    def before(self) -> None:
        """Called before a write transaction waits for its turn."""

    def within(self, connection: Connection) -> None:
        """Called when a write transaction has begun."""


def make_engine(url: str, key: bytes | None = None, guard: MayWrite | None = None) -> Engine:
    """An engine for an SQLAlchemy URL; it connects on first use.

    Args:
        url: of the database.
        key: of the audit; without it nothing can be written that leaves a row there.
        guard: asked before each write transaction.

    Raises:
        UnsoundSQLite: for SQLite with a library that could corrupt the database.
    """
    parsed = make_url(url)
    options = {_AUDIT_KEY: key, _GUARD: guard}
    return _sqlite(parsed, options) if parsed.get_backend_name() == "sqlite" else _server(parsed, options)


def unguarded(engine: Engine) -> Engine:
    """The same engine for a migration, which no guard keeps from writing."""
    return engine.execution_options(**{_GUARD: None})


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
    # Reading waits for no lock but that of a migration, and for that as long as for anything else.
    connect: dict[str, Any] = {"connect_timeout": int(BUSY_SECONDS)}
    if "options" not in url.query:
        connect["options"] = f"-c lock_timeout={BUSY_SECONDS:.0f}s"
    return create_engine(
        url,
        pool_pre_ping=True,
        connect_args=connect,
        execution_options={**options, _QUEUE: WriteQueue()},
        **_POOL,
        **_PRIVATE,
    )


def _sqlite(url: URL, options: dict[str, Any]) -> Engine:
    require_sound_sqlite()
    connect = {"timeout": BUSY_SECONDS}
    in_file = url.database not in {None, "", ":memory:"}
    if in_file:
        options = {**options, _QUEUE: WriteQueue(f"{url.database}-turn")}
    pool = _POOL if in_file else {}
    engine = create_engine(
        url, module=sqlite_library, connect_args=connect, execution_options=options, **pool, **_PRIVATE
    )

    @event.listens_for(engine, "connect")
    def _connect(connection: Any, _record: object) -> None:
        # SQLAlchemy emits BEGIN itself (below): the driver's implicit BEGIN is wrong for DDL and reads.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # BEGIN IMMEDIATE: upgrading a read transaction to a write fails if another one wrote in between.
        patience = connection.get_execution_options().get("huitoukan_writes")
        # Through the driver: SQLAlchemy's overhead would exceed the statement's cost.
        driver: Any = connection.connection.dbapi_connection
        try:
            if patience is None:
                driver.execute("BEGIN")
            else:
                _begin_to_write(driver, patience)
        except sqlite_library.OperationalError as error:
            raise OperationalError("BEGIN", None, error) from error

    return engine


def _begin_to_write(driver: Any, patience: float) -> None:
    driver.execute(f"PRAGMA busy_timeout = {patience * 1000:.0f}")
    try:
        driver.execute("BEGIN IMMEDIATE")
    finally:
        driver.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000:.0f}")


@contextmanager
def transaction(
    engine: Engine, patience: float | None = None, *, shares_commit: bool = False
) -> Iterator[Connection]:
    """A transaction that may write: committed at the end of the block, rolled back on any exception.

    Writers are serialized, on PostgreSQL by an advisory lock: each appends to the audit's hash chain, and deadlocks on
    records cannot occur.

    Args:
        engine: of the database.
        patience: seconds to wait for others; None for what the request has left of ``BUSY_SECONDS``.
        shares_commit: the block takes a few milliseconds, and may be committed together with others that queue.

    Raises:
        sqlalchemy.exc.TimeoutError, sqlalchemy.exc.OperationalError: others kept it waiting for too long, or the
            data is being upgraded.
        LookingOn: the request only looks on as another account.
    """
    require_writer()
    options = engine.get_execution_options()
    guard: MayWrite | None = options.get(_GUARD)
    if guard:
        guard.before()
    queue: WriteQueue[CommonTransaction] = options.get(_QUEUE) or WriteQueue()
    turn = queue.take(patience, joins=shares_commit)
    try:
        common = turn.handed_on or _begun(engine, guard, turn.left)
    except BaseException:
        queue.release()
        raise
    try:
        with common.part() as connection:
            yield connection
    finally:
        if not (shares_commit and common.takes_more and queue.hand_on(common)):
            try:
                common.end()
            finally:
                queue.release()
    common.wait()


def _begun(engine: Engine, guard: MayWrite | None, patience: float) -> CommonTransaction:
    with ExitStack() as opened:
        writing = opened.enter_context(engine.connect()).execution_options(huitoukan_writes=patience)
        writing.begin()
        if writing.dialect.name == "postgresql":
            writing.exec_driver_sql(_ONE_AT_A_TIME.format(milliseconds=max(int(patience * 1000), 10)))
        if guard:
            guard.within(writing)
        opened.pop_all()
        return CommonTransaction(writing)


@contextmanager
def snapshot(engine: Engine) -> Iterator[Connection]:
    """Read-only snapshot: repeatable reads as of the first statement."""
    reader = engine
    if engine.dialect.name == "postgresql":  # all of SQLite's transactions are snapshots
        reader = engine.execution_options(isolation_level="REPEATABLE READ")
    with reader.connect() as connection:
        yield connection


def insert_or(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    """Dialect-specific insert for upserts: ``on_conflict_do_update`` and ``on_conflict_do_nothing``."""
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
