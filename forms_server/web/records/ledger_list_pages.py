"""A ledger's columns as the account chooses them, and its list as a workbook, as the page shows it."""

from collections.abc import Iterator
from io import BytesIO

from flask import abort, flash, g, redirect, request, send_file, url_for
from werkzeug.wrappers import Response

from build_scripts.workbooks.ledger_list import ListColumn, list_book
from build_scripts.workbooks.workbook_values import Value
from checklist.date_formats import as_of
from checklist.reading.personal_numbers import masked
from forms_server import scope
from forms_server.desk import Desk
from forms_server.editable_states import STATE_NAMES
from forms_server.records import ledger_listing
from forms_server.records.chosen_columns import choose_columns as keep_columns
from forms_server.records.extensions import extensions_of_many
from forms_server.records.ledger_filters import Filters
from forms_server.records.serial_number import serials
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.scope import Relation
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.records.filter_box import BoxFacts, filter_words
from forms_server.web.records.ledger_columns import LedgerColumn, cell_words, columns_of
from forms_server.web.records.ledger_page import asked_filters, asked_sorting, shown_columns
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import blueprint, desk, offer, record_form

MOST_LISTED = 20_000
"""Rows of a list; ledgers go out whole with 导出台账."""

LONGEST_PURPOSE = 60
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.post("/<form_id>/columns")
def choose_columns(form_id: str) -> Response:
    """Keep which columns the ledger shows to the account; none for the usual ones."""
    form = record_form(form_id)
    ticked = set() if "usual" in request.form else set(request.form.getlist("column"))
    chosen = [each.id for each in columns_of(form) if each.id in ticked]
    with desk(writes=True) as at:
        keep_columns(at, form.id, chosen)
    flash("列已选好，打印和导出清单也按这些列。" if chosen else "已恢复通常的列。", "success")
    filters = url_for("records.index", form_id=form.id)
    query = request.query_string.decode("utf-8", "replace")
    return redirect(f"{filters}?{query}" if query else filters, 303)


@blueprint.get("/<form_id>/list.xlsx")
def list_workbook(form_id: str) -> Response:
    """The list as the page shows it, filters, order and columns alike; who oversees others says what for."""
    # Lazy import: most workers never need XlsxWriter.
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    form, filters = record_form(form_id), asked_filters(record_form(form_id))
    purpose = str(masked(" ".join(request.args.get("purpose", "").split())[:LONGEST_PURPOSE]))
    if scope.overseen_units(services().campaign, g.account) is not None and not purpose:
        abort(400, "请写明导出的用途：交给谁、做什么用。会记入审计。")
    used = services()
    note_export(used, g.account, f"{form.id}/list", purpose)
    ledger = VisibleLedger(used.campaign, g.account, form, used.clock.today())
    with desk() as at:
        columns = shown_columns(at, form)
        rows = list(_rows(at, ledger, filters, columns))
    heads = [ListColumn("序号", 6), ListColumn("状态", 10), ListColumn("填报单位", 14)]
    heads += [ListColumn(each.label, each.width, long=each.style == "long") for each in columns]
    asked = filter_words(BoxFacts(form, used.campaign.filing_units, offer(), list(Relation)), filters)
    about = "；".join([*asked, as_of(used.clock.now())])
    if len(rows) > MOST_LISTED:
        about += f"；只列前 {MOST_LISTED} 条"
    book = list_book(f"{form.name}清单", about, used.campaign.notice.issued, heads, rows[:MOST_LISTED])
    data = BytesIO(to_xlsx(book))
    return send_file(data, mimetype=_XLSX, as_attachment=True, download_name=f"{form.name}清单.xlsx")


def _rows(
    at: Desk, ledger: VisibleLedger, filters: Filters, columns: list[LedgerColumn]
) -> Iterator[list[Value]]:
    """Number, state, unit and the columns of each record, a page at a time; one more than is listed at most."""
    position, count = None, 0
    while count <= MOST_LISTED:
        page = ledger_listing.page(at.connection, ledger, filters, position, asked_sorting())
        numbers = serials(at.connection, at.campaign, page.records)
        moved = extensions_of_many(at.connection, page.records)
        for record in page.records:
            unit = unit_name(at.campaign, record.unit_code)
            words = [cell_words(each, record, moved.get(record.id, ()), at.campaign) for each in columns]
            yield [numbers.get(record.id), STATE_NAMES[record.state], unit, *words]
        count, position = count + len(page.records), page.next
        if position is None:
            return
