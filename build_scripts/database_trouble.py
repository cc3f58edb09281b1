"""Classification of database errors: busy, full, broken and so on.

The sentences of commands are ``database-*`` in ``checklist/messages.yml``; those of pages stand in ``web.errors``.
"""

from enum import Enum
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout

from checklist.messages import say


class WritesSuspended(PoolTimeout):
    """Nothing may be written: the data is being upgraded, or was, and this process is of the old version."""


class Trouble(Enum):
    """Kinds of database trouble; the values are words for users."""

    BUSY = "正忙"
    FULL = "磁盘满了，或者读写出错"
    BROKEN = "文件损坏，或者不是数据库"
    CLOSED = "打不开，或者没有权限"
    AWAY = "连不上"
    UPGRADING = "正在升级"
    FAILED = "出错"


_SQLITE: tuple[tuple[str, Trouble], ...] = (
    ("SQLITE_BUSY", Trouble.BUSY),
    ("SQLITE_LOCKED", Trouble.BUSY),
    ("SQLITE_FULL", Trouble.FULL),
    ("SQLITE_IOERR", Trouble.FULL),  # on a full disk its shared memory can't grow, reported as this code
    ("SQLITE_CORRUPT", Trouble.BROKEN),
    ("SQLITE_NOTADB", Trouble.BROKEN),
    ("SQLITE_CANTOPEN", Trouble.CLOSED),
    ("SQLITE_READONLY", Trouble.CLOSED),
    ("SQLITE_PERM", Trouble.CLOSED),
)
"""Prefixes of the names in https://www.sqlite.org/rescode.html."""

_POSTGRESQL: tuple[tuple[str, Trouble], ...] = (
    ("55P03", Trouble.BUSY),  # lock_timeout
    ("57014", Trouble.BUSY),  # statement_timeout
    ("40", Trouble.BUSY),  # serialization failure, deadlock
    ("53300", Trouble.BUSY),  # too many connections
    ("53100", Trouble.FULL),
    ("58030", Trouble.FULL),  # I/O error
    ("XX001", Trouble.BROKEN),
    ("XX002", Trouble.BROKEN),
    ("42501", Trouble.CLOSED),
    ("25006", Trouble.CLOSED),  # read-only
    ("28", Trouble.AWAY),  # account or password
    ("3D000", Trouble.AWAY),  # no such database
    ("57P", Trouble.AWAY),  # shutting down, starting
    ("08", Trouble.AWAY),
)
"""Prefixes of the SQLSTATE codes in PostgreSQL's appendix A."""

_MESSAGES: dict[Trouble, str] = {
    Trouble.BUSY: "database-busy",
    Trouble.FULL: "database-full",
    Trouble.BROKEN: "database-broken",
    Trouble.CLOSED: "database-closed",
    Trouble.AWAY: "database-away",
    Trouble.UPGRADING: "database-upgrading",
    Trouble.FAILED: "database-failed",
}


def trouble_of(error: BaseException) -> Trouble:
    """Classify an error of SQLAlchemy or a driver."""
    if isinstance(error, WritesSuspended):
        return Trouble.UPGRADING
    if isinstance(error, PoolTimeout):
        return Trouble.BUSY
    cause: Any = getattr(error, "orig", None) or error
    if name := getattr(cause, "sqlite_errorname", None):
        return _first(_SQLITE, name)
    if state := getattr(cause, "sqlstate", None):
        return _first(_POSTGRESQL, state)
    # An unreachable server sends no code.
    unanswered = type(cause).__module__.startswith("psycopg") and type(cause).__name__ == "OperationalError"
    return Trouble.AWAY if unanswered else Trouble.FAILED


def sentence(error: BaseException) -> str:
    """Return what is wrong and what to do, for the server's operator, with the driver's message in brackets."""
    cause = getattr(error, "orig", None) or error
    return say(_MESSAGES[trouble_of(error)], detail=str(cause).strip().partition("\n")[0])


def _first(known: tuple[tuple[str, Trouble], ...], code: str) -> Trouble:
    return next((trouble for beginning, trouble in known if code.startswith(beginning)), Trouble.FAILED)
