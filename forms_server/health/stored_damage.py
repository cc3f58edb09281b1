"""Whether an unexpected failure comes from damage of what is stored, rather than from the program."""

import time

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DatabaseError, SQLAlchemyError

from build_scripts.database_trouble import Trouble, trouble_of
from build_scripts.progress import Tell
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.db.engine import audit_key, snapshot
from forms_server.db.integrity import damage
from forms_server.health.database_health import UNREADABLE
from forms_server.record_verification import record_faults

DAMAGED = (
    "数据库里有损坏的内容，这一步做不下去。请停止服务，留好现在的文件，"
    "运行 huitoukan doctor 和 huitoukan audit verify 看坏在哪里，再用最近的备份恢复（huitoukan restore）"
)

_DAMAGE = frozenset({Trouble.BROKEN, Trouble.FAILED})
"""A statement on tables of ours fails without another reason where the stored schema is damaged."""


class _TimeIsOver(Exception):
    pass


def is_damaged(engine: Engine, seconds: float) -> bool:
    """Look at the file, the audit's chain and the records' digests; False where nothing is found in time.

    A database that is busy, full, closed or away is not damaged.
    """
    end = time.monotonic() + seconds

    def tell(_what: str = "", *, total: int | None = None, advance: int = 0) -> None:
        if time.monotonic() > end:
            raise _TimeIsOver

    try:
        with snapshot(engine) as connection:
            key = audit_key(connection)
            try:
                return bool(damage(connection, seconds)) or _is_altered(connection, key, tell)
            except UNREADABLE:
                return True
    except DatabaseError as error:
        return trouble_of(error) in _DAMAGE
    except (_TimeIsOver, SQLAlchemyError, OSError):
        return False


def _is_altered(connection: Connection, key: bytes, tell: Tell) -> bool:
    """Whether the audit or a record is not as it was written."""
    tell()
    if first_fault(key, read_head(connection), read_rows(connection)):
        return True
    return any(True for _ in record_faults(connection, tell))
