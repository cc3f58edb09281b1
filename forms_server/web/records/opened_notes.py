"""Notes that this account has opened an issue that it may close."""

from contextlib import suppress

from flask import g
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.records.opened_issues import is_opened, note_opened
from forms_server.records.record import Record
from forms_server.web.current_services import services


def note_look(record: Record) -> None:
    """Note it, unless it is known; where the database is busy for long, it counts as not opened."""
    if g.viewer:
        return
    used = services()
    with suppress(DatabaseError, PoolTimeout):
        with used.engine.connect() as connection:
            if is_opened(Desk(connection, used.campaign, g.account, used.clock.now()), record):
                return
        with transaction(used.engine) as connection:
            note_opened(Desk(connection, used.campaign, g.account, used.clock.now()), record)
