"""Audit rows of reading and of taking away: whose names an account of another unit saw, and what it exported."""

import logging
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any

from flask import Flask, Response, current_app, g
from sqlalchemy import Connection, select
from sqlalchemy.exc import DatabaseError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from forms_server import audit
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.web.browser_origin import browser
from forms_server.web.current_services import services

_log = logging.getLogger(__name__)

READ, EXPORT = "read", "export"
"""The audit's words for it."""

_PATIENCE = 1.0
_MOST_KEPT = 10_000


def install(app: Flask) -> None:
    """Register the hooks: where a request comes from, and what it read."""
    app.extensions["noted_reading"] = set()
    app.before_request(_know_origin)
    app.after_request(_note)
    app.teardown_request(_forget_origin)


def names_read(unit_codes: Iterable[str]) -> None:
    """Say whose records with names this page shows; its own unit's need no row."""
    g.setdefault("units_read", set()).update(unit_codes)


def exported(what: str, change: Mapping[str, Any]) -> None:
    """Write the audit row of an export; without it nothing is handed out.

    Args:
        what: the kind of file.
        change: its unit and format, never a name.
    """
    used = services()
    with transaction(used.engine) as connection:
        audit.record(connection, used.clock.now(), g.account, EXPORT, what, EXPORT, change)


def _know_origin() -> None:
    audit.ORIGIN.set(browser().address[:45] or None)


def _forget_origin(_error: BaseException | None) -> None:
    audit.ORIGIN.set(None)


def _note(response: Response) -> Response:
    """Write a row for each unit, once a day for each account.

    Reading goes on while the database takes no writes; the log says that a row is missing.
    """
    units = g.get("units_read")
    if not units or not g.account or response.status_code != 200:
        return response
    used, now = services(), services().clock.now()
    kept: set[tuple[str, str, date]] = _noted()
    new = {(g.account.id, unit, now.date()) for unit in units - {g.account.unit_code}} - kept
    if not new:
        return response
    try:
        with transaction(used.engine, patience=_PATIENCE) as connection:
            known = _read_today(connection, g.account.id, now.date())
            entries = [
                audit.AuditEntry("unit", unit, READ) for _, unit, _ in sorted(new) if unit not in known
            ]
            audit.record_many(connection, now, g.account, entries)
    except (DatabaseError, PoolTimeout, OSError) as error:
        _log.warning("reading was not noted in the audit: %s", type(error).__name__)
        return response
    if len(kept) > _MOST_KEPT:
        kept.clear()
    kept |= new
    return response


def _noted() -> set[tuple[str, str, date]]:
    """Account, unit and day of the rows that this process has written or seen."""
    kept: set[tuple[str, str, date]] = current_app.extensions["noted_reading"]
    return kept


def _read_today(connection: Connection, account_id: str, day: date) -> set[str]:
    row, start = tables.audit.c, datetime.combine(day, time())
    query = select(row.subject_id).where(
        row.at >= start, row.subject == "unit", row.action == READ, row.account_id == account_id
    )
    return set(connection.execute(query).scalars())
