"""A new key for an audit whose key is lost: the data stay usable, but nothing from before is proven any more."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from forms_server import audit
from forms_server.audit_chain import START, link, seal
from forms_server.db import tables
from forms_server.households.persons import forget_all_keys
from forms_server.record_verification import seal_records
from forms_server.returns import sealing

_AT_ONCE = 5_000


def rekey(connection: Connection, key: bytes, now: datetime) -> None:
    """Compute the chain, the seals of signed returns and the records' digests anew, and say so in the audit.

    Keys of persons, which are made with it, are forgotten: no list could match them.

    Witnesses from before contradict the new chain.

    Args:
        connection: a transaction of an engine with the new key.
        key: the new key.
        now: when.
    """
    count, last = 0, START
    move = update(tables.audit).where(tables.audit.c.id == bindparam("row")).values(hash=bindparam("new"))
    moved: list[dict[str, object]] = []
    for row in list(audit.read_rows(connection)):
        count, last = row["id"], link(key, last, row)
        moved.append({"row": count, "new": last})
    for start in range(0, len(moved), _AT_ONCE):
        connection.execute(move, moved[start : start + _AT_ONCE])
    head = {"rows": count, "hash": last, "seal": seal(key, count, last)}
    connection.execute(update(tables.audit_head).values(head))
    returned = tables.signed_return
    for found in connection.execute(select(returned)).mappings().all():
        mac = sealing.seal(key, dict(found))
        sealed = update(returned).where(returned.c.id == found["id"]).values(seal=mac)
        connection.execute(sealed)
    forget_all_keys(connection)
    audit.record(connection, now, None, "audit", "key", "rekey")
    seal_records(connection, now)
