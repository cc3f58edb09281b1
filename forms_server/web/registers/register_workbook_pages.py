"""A register as a workbook: out, and in again with a preview."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from checklist.model import Register
from checklist.questions import Answers
from checklist.register_periods import period_words
from checklist.values.judge import Context, Value
from checklist.values.judge import display as display_value
from forms_server.households.person_keys import person_keys
from forms_server.imports.register_exporting import export
from forms_server.imports.register_import import RegisterImport, RegisterUpload
from forms_server.imports.remembered_readings import remembered_answers
from forms_server.registers.row_listing import RowFilters
from forms_server.registers.row_scope import keeps_rows
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.imports.upload_pages import Page, UploadPages
from forms_server.web.records.record_words import title_of
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.register_list_page import asked_filters, asked_sort
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_period,
    asked_register,
    blueprint,
    offered_periods,
    seen_rows,
)

SHOWN_ROWS = 50


@blueprint.get("/<register_id>/workbook")
def workbook(register_id: str) -> str:
    """The page with both ways: download, and upload for those who fill the register."""
    return _page(asked_register(register_id))


@blueprint.get("/<register_id>/export.xlsx")
def export_(register_id: str) -> Response:
    """The rows of a list as a workbook; ``?blank=1`` for one without rows."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    register, campaign = asked_register(register_id), services().campaign
    filters = asked_filters(register)
    unit = campaign.unit_by_code.get(g.account.unit_code)
    own = unit if unit in campaign.filing_units and keeps_rows(campaign, g.account, register) else None
    blank = bool(request.args.get("blank"))
    if not blank:
        note_export(services(), g.account, register.id, filters.period)
    with desk() as at:
        data = to_xlsx(export(at, seen_rows(register), own, filters, blank=blank, sort=asked_sort(register)))
    words = period_words(filters.period)
    name = f"{register.name}{words}{'（空白）' if blank else ''}.xlsx"
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


@blueprint.post("/<register_id>/check")
def check(register_id: str) -> Page:
    """Read an uploaded workbook and show what would be done with it; nothing is stored."""
    return _pages(_kept_here(register_id)).check()


@blueprint.post("/<register_id>/<token>/import")
def import_(register_id: str, token: str) -> Response | Page:
    """Import a workbook as it was shown: all of it, or nothing."""
    return _pages(_kept_here(register_id)).confirm(token)


def _kept_here(register_id: str) -> Register:
    """The register; 403 for accounts that do not fill it."""
    register = asked_register(register_id)
    if register.survey:
        abort(404)  # papers are written down on the page: a file would be kept with the names in it
    if not keeps_rows(services().campaign, g.account, register):
        abort(403)
    return register


def _pages(register: Register) -> UploadPages[Any, RegisterImport]:
    """The pages of the register's import, in the period that the form names."""
    period = asked_period(register, request.form.get(PERIOD, ""))

    def kind(given: Mapping[str, str]) -> RegisterUpload:
        used = services()
        unit = used.campaign.unit_by_code[g.account.unit_code]
        with used.engine.connect() as connection:
            answers = Answers(given, remembered_answers(connection, used.campaign, unit.code))
            keys = person_keys(connection, used.campaign, used.clock.today())
        context = Context(used.campaign, unit, used.clock.today(), answers)
        return RegisterUpload(context, g.account, used.clock, register, period, keys)

    def done(found: RegisterImport) -> Response:
        flash(
            f"已导入：新增 {len(found.new)} 行，修改 {len(found.changed)} 行。导错了可以在“导入记录”里撤回。",
            "success",
        )
        return redirect(url_for("registers.index", register_id=register.id, period=period or None), 303)

    return UploadPages(
        register.name,
        "registers/preview.html",
        kind,
        lambda refusal: _page(register, refusal),
        _preview,
        done,
    )


def _preview(found: RegisterImport) -> dict[str, Any]:
    register, campaign = found.register, services().campaign
    changes = [
        (
            each.row,
            [
                (field, _shown(field.id, register, each.row.values), _shown(field.id, register, each.values))
                for field in register.fields
                if each.row.values.get(field.id) != each.values.get(field.id)
            ],
        )
        for each in found.changed[:SHOWN_ROWS]
    ]
    new = [(each.place(), title_of(register, each.values, campaign)) for each in found.new[:SHOWN_ROWS]]
    return {"form": register, "changes": changes, "new": new, "period": found.period}


def _shown(name: str, register: Register, values: Mapping[str, Value]) -> str:
    value = values.get(name)
    return "" if value is None else display_value(register.field(name), value, services().campaign)


def _page(register: Register, refusal: str = "") -> str:
    period = asked_period(register, request.values.get(PERIOD, ""))
    with desk() as at:
        periods = offered_periods(at, register, period)
    return render_template(
        "registers/workbook.html",
        form=register,
        refusal=refusal,
        filters=RowFilters(period),
        periods=periods,
        keeps=keeps_rows(services().campaign, g.account, register) and not register.survey,
    )
