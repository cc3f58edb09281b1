"""The roll-up of a register as a workbook to be printed."""

from io import BytesIO

from flask import redirect, send_file, url_for
from werkzeug.wrappers import Response

from forms_server.registers.shown_figures import is_published
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.register_list_page import asked_filters
from forms_server.web.registers.requested_register import asked_register, blueprint, counted_rows


@blueprint.get("/<register_id>/totals.xlsx")
def totals_workbook(register_id: str) -> Response:
    """The roll-up of a period by place, and of all periods; figures alone."""
    # Lazy import: most workers never need XlsxWriter.
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from forms_server.imports.roll_up_exporting import export_roll_up

    register = asked_register(register_id)
    period = asked_filters(register).period
    if not is_published(register, period, services().clock.today()):
        return redirect(url_for("registers.totals", register_id=register.id, period=period), 303)
    with desk() as at:
        book = export_roll_up(at, counted_rows(register), period)
    data = BytesIO(to_xlsx(book))
    return send_file(data, mimetype=XLSX, as_attachment=True, download_name=f"{book.title}.xlsx")
