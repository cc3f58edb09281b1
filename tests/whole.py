"""Whether a database is as the program left it: the chain of the audit, and the records by their digests."""

from datetime import datetime

from sqlalchemy import Connection, Engine

from build_scripts.progress import silent
from forms_server import audit
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.db.engine import audit_key, snapshot
from forms_server.record_digests import SEAL
from forms_server.record_verification import RecordFault, record_faults


def faults_of(engine: Engine) -> list[RecordFault]:
    """The records that were changed past the program; fails where the chain itself is broken."""
    with snapshot(engine) as connection:
        assert first_fault(audit_key(connection), read_head(connection), read_rows(connection)) is None
        return list(record_faults(connection, silent))


def vouch(connection: Connection, now: datetime) -> None:
    """Seal what a test wrote past the program."""
    faults = record_faults(connection, silent)
    audit.record_many(
        connection, now, None, [audit.AuditEntry(each.subject, each.subject_id, SEAL) for each in faults]
    )
