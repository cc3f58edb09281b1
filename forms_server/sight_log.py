"""Who read whose names: rows of the audit for records and households of other units, and for exports.

A page that is only read waits for no writer: what cannot be written now is written with the next row. One row a day
for each account and record, as far as one process knows.
"""

from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from threading import Lock

from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from forms_server import audit
from forms_server.account import Account
from forms_server.audit import AuditEntry
from forms_server.db.engine import transaction
from forms_server.services import Services

SIGHT = "sight"
"""The audit's subject; the subject's id is the record's or household's."""

_MOST_WAITING = 10_000


class SightLog:
    """What one process has to note and has noted today."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[tuple[Account, AuditEntry]] = deque(maxlen=_MOST_WAITING)
        self._day: date | None = None
        self._noted: set[tuple[str, str]] = set()

    def note(self, services: Services, account: Account, what: str, ids: Iterable[str]) -> None:
        """Note that an account has read records or households of others.

        Args:
            services: whose database holds the audit.
            account: who read.
            what: the table of what was read.
            ids: of what was read.
        """
        now = services.clock.now()
        with self._lock:
            if self._day != now.date():
                self._day, self._noted = now.date(), set()
            new = [each for each in dict.fromkeys(ids) if (account.id, each) not in self._noted]
            self._noted.update((account.id, each) for each in new)
            self._waiting.extend((account, AuditEntry(SIGHT, each, "read", {"of": what})) for each in new)
            waiting = list(self._waiting)
            if not new:
                return
            with (
                suppress(DatabaseError, PoolTimeout, OSError),
                transaction(services.engine, patience=0) as connection,
            ):
                for reader, entry in waiting:
                    audit.record_many(connection, now, reader, [entry])
                self._waiting.clear()


def note_export(services: Services, account: Account | None, what: str, purpose: str) -> None:
    """Note that somebody took ledgers with names away, and what for; without the row nothing is taken away."""
    with transaction(services.engine) as connection:
        audit.record(connection, services.clock.now(), account, SIGHT, what, "export", {"purpose": purpose})
