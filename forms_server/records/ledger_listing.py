"""Keyset pagination of a form's ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from forms_server.records import keyset_paging, overdue_conditions
from forms_server.records.keyset_paging import Position
from forms_server.records.ledger_conditions import sought, wanted
from forms_server.records.ledger_filters import Filters, Sorting
from forms_server.records.record import Record, to_record
from forms_server.records.visible_ledger import VisibleLedger


@dataclass(frozen=True)
class LedgerPage:
    """A page of a ledger, as ``keyset_paging.Rows``."""

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
