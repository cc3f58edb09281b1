"""Looks for physical damage of an SQLite file, in bounded time."""

import time
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from build_scripts.database_trouble import Trouble, sentence, trouble_of

_STEPS = 100_000
"""Instructions of SQLite between two looks at the clock."""
_MOST_SHOWN = 200


def damage(connection: Connection, seconds: float | None = None) -> str | None:
    """What ``quick_check`` finds; None where it finds nothing, on PostgreSQL, and where the time is over.

    Args:
        connection: to the database.
        seconds: how long it may take; None for as long as it takes.
    """
    if connection.dialect.name != "sqlite":
        return None
    driver: Any = connection.connection.dbapi_connection
    can_stop = hasattr(driver, "set_progress_handler")
    if seconds is not None and can_stop:
        end = time.monotonic() + seconds
        driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        said = connection.exec_driver_sql("PRAGMA quick_check(3)").scalars().all()
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") == "SQLITE_INTERRUPT":
            return None
        return _of(error)
    except DatabaseError as error:
        return _of(error)
    finally:
        if can_stop:
            driver.set_progress_handler(None, 0)
    return None if said == ["ok"] else "；".join(map(str, said))[:_MOST_SHOWN]


def _of(error: DatabaseError) -> str:
    """Damage that stops the check itself; other trouble is not for this module."""
    if trouble_of(error) is not Trouble.BROKEN:
        raise error
    return sentence(error)
