"""Export of the ledgers to a workbook."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, select, true

from build_scripts.workbooks.ledger_export import ExportedRecord, export_book
from build_scripts.workbooks.workbook_values import Book
from checklist.date_formats import as_of
from checklist.model import Campaign, RecordForm, Unit
from checklist.states import counted_states
from forms_server.account import Account
from forms_server.db.record_columns import TABLES, reader_of
from forms_server.editable_states import STATE_NAMES, State
from forms_server.scope import visible_records


def export(
    connection: Connection,
    campaign: Campaign,
    unit: Unit | None,
    account: Account | None,
    moment: datetime | None = None,
) -> Book:
    """Workbook of the ledgers, streamed from the database.

    Args:
        connection: a transaction that stays open until the workbook is written.
        campaign: whose records they are.
        unit: whose ledgers; None for every unit's.
        account: limits the records to those it may see; None for the command line.
        moment: of the export, which the workbook names beside the annex; None to leave it out.
    """
    ledgers = {form.id: _lines(connection, campaign, unit, form, account) for form in campaign.record_forms}
    book = export_book(campaign, unit, ledgers)
    return replace(book, as_of=as_of(moment)) if moment else book


def _lines(
    connection: Connection, campaign: Campaign, unit: Unit | None, form: RecordForm, account: Account | None
) -> Iterator[ExportedRecord]:
    """A form's records without withdrawn ones, oldest first."""
    table = TABLES[form.kind]
    seen: ColumnElement[bool] = visible_records(form, campaign, account) if account else true()
    query = (
        select(table)
        .where(table.c.campaign_id == campaign.id, table.c.form_id == form.id, seen)
        .where(table.c.state.in_([state.value for state in counted_states(form.kind)]))
        .order_by(table.c.unit_code, table.c.created_at, table.c.id)
    )
    if unit:
        query = query.where(table.c.unit_code == unit.code)
    values_of = reader_of(form)
    for row in connection.execution_options(yield_per=1_000).execute(query).mappings():
        state = STATE_NAMES[State(row["state"])]
        moved = (row["first_deadline"], row["extensions"]) if form.kind == "issue" else (None, 0)
        yield ExportedRecord(row["id"], row["unit_code"], state, values_of(row), *moved)
