"""Keyset pagination of a form's ledger, and the serial number of a record in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Connection, DateTime, Select, String, bindparam, func, select, tuple_

from checklist.model import Campaign
from checklist.states import counted_states
from forms_server.db.record_columns import TABLES
from forms_server.records import keyset_paging, overdue_conditions
from forms_server.records.keyset_paging import Position
from forms_server.records.ledger_conditions import sought, wanted
from forms_server.records.ledger_filters import Filters, Sorting
from forms_server.records.record import Record, to_record
from forms_server.records.visible_ledger import VisibleLedger


@dataclass(frozen=True)
class LedgerPage:
    """A page of a ledger, as ``paging.Rows``."""

    records: Sequence[Record]
    next: Position | None
    previous: Position | None
    unfinished: bool = False


def page(
    connection: Connection,
    ledger: VisibleLedger,
    filters: Filters,
    position: Position | None = None,
    sorting: Sorting = Sorting.NEWEST,
) -> LedgerPage:
    """Read one page of a ledger by keyset pagination."""
    found = keyset_paging.read(
        connection,
        ledger.table,
        wanted(ledger, filters),
        order_of(ledger, sorting),
        position,
        sought(ledger, filters),
    )
    records = [to_record(ledger.form, row) for row in found.rows]
    return LedgerPage(records, found.next, found.previous, found.unfinished)


def order_of(ledger: VisibleLedger, sorting: Sorting) -> keyset_paging.Order:
    """Sort key of an order; newest first for ledgers without deadlines."""
    if sorting is Sorting.DUE and ledger.due_rule:
        return keyset_paging.Order(overdue_conditions.since_column(ledger.table, ledger.due_rule))
    return keyset_paging.Order(ledger.table.c.created_at, descending=True)


def serial(connection: Connection, campaign: Campaign, record: Record) -> int:
    """Serial number in the unit's ledger as printed now: from 1, oldest first, without withdrawn records."""
    asked = {"campaign": campaign.id, "unit": record.unit_code, "form": record.form.id}
    place = {"made": record.created_at, "record": record.id}
    return connection.execute(_serial(record.form.kind), asked | place).scalar_one()


@cache
def _serial(kind: str) -> Select[int]:
    """Compiled once: runs for every record that is filed or shown."""
    table = TABLES[kind]
    return select(func.count()).where(
        table.c.campaign_id == bindparam("campaign"),
        table.c.unit_code == bindparam("unit"),
        table.c.form_id == bindparam("form"),
        table.c.state.in_([state.value for state in counted_states(kind)]),
        tuple_(table.c.created_at, table.c.id)
        <= tuple_(bindparam("made", type_=DateTime), bindparam("record", type_=String)),
    )
