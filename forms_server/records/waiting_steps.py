"""What waits for somebody's answer at an issue, and ends where its state changes past the moves.

Imports, joined records and cancelled findings change states without ``move_making``, which ends these by itself.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from forms_server.account import Account
from forms_server.records.extension_requests import lapse
from forms_server.records.record import Record
from forms_server.records.transfers import settle


def end_waiting(
    connection: Connection, now: datetime, author: Account | None, before: Record
) -> dict[str, Any]:
    """End a request for an extension and a unit's right to refuse; arguments and result as for ``settle``."""
    return lapse(connection, now, author, before) | settle(connection, now, author, before)
