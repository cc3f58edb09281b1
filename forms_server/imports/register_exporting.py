"""Export of a register's rows to a workbook."""

from sqlalchemy import Connection

from build_scripts.workbooks.register_export import ExportedRow, register_book
from build_scripts.workbooks.workbook_values import Book
from checklist.model import Unit
from forms_server.registers import row_listing
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_sorting import RowSort


def export(
    connection: Connection,
    seen: SeenRows,
    unit: Unit | None,
    filters: RowFilters,
    *,
    blank: bool = False,
    sort: RowSort | None = None,
) -> Book:
    """Workbook of the rows that an account sees.

    Args:
        connection: a transaction.
        seen: register, and whose sight it is.
        unit: whose name and villages the workbook carries; None for the whole county.
        filters: what the list is restricted to.
        blank: whether it is the form without rows.
        sort: the column that the list is sorted by; None for the order of places.
    """
    order = {"order": sort.order()} if sort else {}
    rows = [] if blank else row_listing.all_rows(connection, seen, filters, **order)
    exported = (
        ExportedRow(row.id, row.unit_code, row.state_words, row.checked_on, row.version, row.values)
        for row in rows
    )
    return register_book(seen.campaign, unit, seen.register, filters.period, exported)
