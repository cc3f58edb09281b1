"""Concurrent changes to a return while its principal had the signing page open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from build_scripts.reconciliation.changes_after_signing import LaterChange, changes_after, last_row
from checklist.model import Campaign
from forms_server.db.tables import account
from forms_server.records.live_record_source import live_records


@dataclass(frozen=True)
class ChangeMeanwhile:
    """A change and its author; ``by`` is empty for the command line."""

    change: LaterChange
    by: str


def position(connection: Connection) -> int:
    """Return the audit's position, for ``changes_since``."""
    return last_row(live_records(connection))


def changes_since(
    connection: Connection, campaign: Campaign, unit_code: str, row: int
) -> Sequence[ChangeMeanwhile]:
    """Return the unit's changes after a position, in order."""
    found = changes_after(live_records(connection), campaign, unit_code, row)
    names = _names(connection, {each.account_id for each in found})
    return [ChangeMeanwhile(each, names.get(each.account_id, "")) for each in found]


def _names(connection: Connection, ids: set[str]) -> Mapping[str, str]:
    query = select(account.c.id, account.c.display_name, account.c.name).where(account.c.id.in_(sorted(ids)))
    return {row.id: row.display_name or row.name for row in connection.execute(query)}
