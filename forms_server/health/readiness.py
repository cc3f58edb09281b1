"""Whether a server can take requests: the database answers, has this program's tables, and the disk has room."""

import shutil
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from forms_server.db.migrate import SchemaState, standing

LEAST_FREE = 200 * 1024 * 1024
"""Bytes on the home's disk: an import of a county's ledger with its write-ahead log takes a third of it."""


def readiness(engine: Engine, home: Path) -> Mapping[str, bool]:
    """What holds, by name: ``database``, ``migrations``, ``disk``."""
    try:
        state = standing(engine)
    except (SQLAlchemyError, OSError):
        state = None
    return {
        "database": state is not None,
        "migrations": state is SchemaState.CURRENT,
        "disk": free_bytes(home) >= LEAST_FREE,
    }


def free_bytes(home: Path) -> int:
    """Free bytes on the home's disk; 0 if there is no such place."""
    try:
        return shutil.disk_usage(home).free
    except OSError:
        return 0
