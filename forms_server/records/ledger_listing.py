"""Keyset pagination of a form's ledger."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Select, bindparam, func, select

from forms_server import scope
from forms_server.db.driver_statements import read
from forms_server.db.tables import issue_unit
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
    order, few_named, words = (
        order_of(ledger, sorting),
        _few_named(connection, ledger),
        sought(ledger, filters),
    )
    if position is None and words is None:
        rows = [row._asdict() for row in ledger.read(connection, _first_rows, filters, sorting, few_named)]
        found = keyset_paging.first_page(rows, order)
    else:
        parts = wanted(ledger, filters, few_named=few_named)
        found = keyset_paging.read(connection, ledger.table, parts, order, position, words)
    records = [to_record(ledger.form, row) for row in found.rows]
    return LedgerPage(records, found.next, found.previous, found.unfinished)


def _first_rows(
    ledger: VisibleLedger, filters: Filters, sorting: Sorting, few_named: bool
) -> Select[tuple[object, ...]] | None:
    parts = wanted(ledger, filters, few_named=few_named)
    return keyset_paging.page_query(ledger.table, parts, order_of(ledger, sorting)) if parts else None


def _few_named(connection: Connection, ledger: VisibleLedger) -> bool:
    """Whether the issues that name the account's unit are so few that sorting them costs less than seeking them."""
    if not scope.named_ranges(ledger.form, ledger.campaign, ledger.account):
        return False
    [[number]] = read(connection, _NAMED, {"unit": ledger.account.unit_code})
    return bool(number <= _FEW_NAMED)


_FEW_NAMED = 1_000
_NAMED = select(func.count()).select_from(
    select(issue_unit.c.issue_id)
    .where(issue_unit.c.unit_code == bindparam("unit"))
    .limit(_FEW_NAMED + 1)
    .subquery()
)


def order_of(ledger: VisibleLedger, sorting: Sorting) -> keyset_paging.Order:
    """Sort key of an order; newest first for ledgers without deadlines."""
    if sorting is Sorting.DUE and ledger.due_rule:
        return keyset_paging.Order(overdue_conditions.since_column(ledger.table, ledger.due_rule))
    return keyset_paging.Order(ledger.table.c.created_at, descending=True)
