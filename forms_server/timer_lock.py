"""One runner of a timer's task at a time, on all machines of an installation; killed ones give way by themselves."""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, func, select

_CLASS = 20220901
"""Apart from the lock of writers, which is of one number (``db.engine``)."""


class RunsElsewhere(Exception):
    """Another process, perhaps on another machine, is at the task."""


@contextmanager
def only_runner(engine: Engine, home: Path, task: str) -> Iterator[None]:
    """Hold a task's lock: an advisory lock of the database on PostgreSQL, a file of the home on SQLite.

    Raises:
        RunsElsewhere: somebody else holds it.
    """
    if engine.dialect.name == "postgresql":
        with _advisory_lock(engine, task):
            yield
    else:
        with _file_lock(home / f".timer-{task}"):
            yield


@contextmanager
def _advisory_lock(engine: Engine, task: str) -> Iterator[None]:
    """Of a session of its own, without an open transaction: a backup takes long."""
    key = _CLASS, zlib.crc32(task.encode()) >> 1
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(select(func.pg_try_advisory_lock(*key))).scalar_one():
            raise RunsElsewhere(task)
        try:
            yield
        finally:
            connection.execute(select(func.pg_advisory_unlock(*key)))


@contextmanager
def _file_lock(path: Path) -> Iterator[None]:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise RunsElsewhere(path.name) from error
        yield
