"""Atomically swaps a restored database in, and keeps the replaced one aside."""

import os
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import URL, Connection, text
from sqlalchemy.exc import DatabaseError

from forms_server.backup.backup_manifest import UnusableBackup
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.exclusive_files import keep

Fill = Callable[[Connection], None]
"""Callback that fills an empty database within a transaction; an exception leaves the old data in place."""

_BESIDE = ("-wal", "-shm")
"""Files that SQLite keeps beside a database."""


def replace_sqlite(url: URL, key: bytes, fill: Fill, aside: Path) -> None:
    """Build the new database beside the old one and rename it over the old one when complete."""
    path = Path(url.database or "")
    new = path.with_name(f"{path.name}.restoring")
    _remove(new)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = make_engine(url.set(database=str(new)).render_as_string(hide_password=False), key)
    try:
        with transaction(engine) as connection:
            fill(connection)
        engine.dispose()  # closing the last connection checkpoints the write-ahead log
        _keep(path, url, aside)
        new.replace(path)
        _sync(path.parent)
    finally:
        engine.dispose()
        _remove(new)


def _keep(path: Path, url: URL, aside: Path) -> None:
    """Link the old database into the folder ``aside`` and remove its side files."""
    if not path.exists():
        return
    _settle(url)
    for suffix in ("", *_BESIDE):
        file = path.with_name(path.name + suffix)
        if file.exists():
            keep(file, aside / file.name)
    _sync(aside)
    for suffix in _BESIDE:  # they would be taken for the new database's
        path.with_name(path.name + suffix).unlink(missing_ok=True)


def _settle(url: URL) -> None:
    """Checkpoint the write-ahead log into the file, if the database is still readable."""
    engine = make_engine(url.render_as_string(hide_password=False))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master")
    except DatabaseError:
        pass
    finally:
        engine.dispose()


def _remove(database: Path) -> None:
    for suffix in ("", *_BESIDE, "-turn"):
        database.with_name(database.name + suffix).unlink(missing_ok=True)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_postgresql(url: URL, key: bytes, fill: Fill, schema: str) -> None:
    """Move the existing tables into a schema of their own and fill new ones, in one transaction.

    Raises:
        UnusableBackup: others are connected to the database.
    """
    engine = make_engine(url.render_as_string(hide_password=False), key)
    try:
        with transaction(engine) as connection:
            _require_exclusive(connection)
            _move_away(connection, schema)
            fill(connection)
    finally:
        engine.dispose()


def _require_exclusive(connection: Connection) -> None:
    others = connection.execute(
        text(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
    ).scalar_one()
    if others:
        raise UnusableBackup(f"还有 {others} 个连接在用这个数据库：请先停止服务和其他连接，再恢复数据")


def _move_away(connection: Connection, schema: str) -> None:
    """Move our tables with their dependent objects, and their triggers' functions."""
    names = [*tables.metadata.tables, "alembic_version"]
    found = connection.execute(
        text(
            "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tablename = ANY(:names)"
        ),
        {"names": names},
    ).scalars()
    moved = list(found)
    if not moved:
        return
    functions = connection.execute(
        text(
            "SELECT DISTINCT p.oid::regprocedure::text FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid"
            " JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE NOT t.tgisinternal AND n.nspname = current_schema() AND c.relname = ANY(:names)"
        ),
        {"names": moved},
    ).scalars()
    connection.execute(text(f"CREATE SCHEMA {schema}"))
    for function in list(functions):
        connection.execute(text(f"ALTER FUNCTION {function} SET SCHEMA {schema}"))
    for name in moved:
        connection.execute(text(f"ALTER TABLE {name} SET SCHEMA {schema}"))
