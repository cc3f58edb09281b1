"""Ledgers as workbooks: templates, exports, and imports with a preview."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from build_scripts.intake.import_comparison import DEADLINE_KEPT
from build_scripts.intake.import_figures import figure_lines
from build_scripts.intake.mail_attachments import Attachment
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.resent_questions import words_of_record
from build_scripts.intake.row_kinds import ROW_KIND_NAMES, RowKind
from build_scripts.intake.workbook_reader import mark_workbook
from build_scripts.workbooks.blank_workbooks import NoSuchBlank, blank_book
from checklist.model import RecordForm, Unit
from checklist.questions import Answers
from checklist.reading.personal_numbers import masked
from checklist.values.judge import Context, Value, display
from forms_server import scope
from forms_server.access import Action, allowed, may_write
from forms_server.accounts.unit_filer import filer_of
from forms_server.imports.kept_attachments import KeptAttachments
from forms_server.imports.ledger_exporting import export as export_ledgers
from forms_server.imports.ledger_import import LedgerImport, LedgerUpload
from forms_server.imports.remembered_readings import remembered_answers
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.imports.upload_pages import Page, UploadPages

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

LONGEST_PURPOSE = 60
"""Characters of what an export is for."""

SHOWN_NEW, SHOWN_CHANGES = 30, 100
"""How many of each a page shows; the copy of the workbook has all marks."""


@blueprint.get("/")
def index() -> str:
    """Page with downloads and the upload form."""
    return _page()


@blueprint.post("/check")
def check() -> Page:
    """Read an uploaded workbook and show what would be done with it; nothing is stored."""
    return _PAGES.check()


@blueprint.post("/<token>/import")
def import_(token: str) -> Response | Page:
    """Import a workbook as it was shown: all of it, or nothing."""
    return _PAGES.confirm(token)


@blueprint.get("/<token>/marked.xlsx")
def marked(token: str) -> Response | Page:
    """The workbook with its wrong cells marked, to be corrected and sent again."""
    try:
        data, found = _PAGES.look_again(token)
        with _PAGES.uploads().one_at_a_time():
            copy = mark_workbook(data, found.problems)
    except Unreadable as error:
        return _page(str(error)), 422
    return _download(copy, "标出问题的台账.xlsx")


@blueprint.get("/export.xlsx")
def export() -> Response | Page:
    """The ledgers that the account may see; who takes away those of other units says what for.

    A filing unit's people get their unit's own ledgers, which they hand in; a department too, not what others filed
    and it answers for. The office gets the county's and an inspector those of the units assigned to it, or of one
    of them.
    """
    # Lazy import: most workers never need XlsxWriter.
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    campaign = services().campaign
    choice = _choice()
    code = g.account.unit_code if choice is None else request.args.get("unit", "")
    unit = next((unit for unit in choice or campaign.filing_units if unit.code == code), None)
    if code and unit is None:
        abort(404)
    purpose = str(masked(" ".join(request.args.get("purpose", "").split())[:LONGEST_PURPOSE]))
    if choice is not None and not purpose:
        return _page("请写明导出的用途：交给谁、做什么用。会记入审计。"), 422
    note_export(services(), g.account, unit.code if unit else "county", purpose)
    with services().engine.connect() as connection:
        data = to_xlsx(export_ledgers(connection, campaign, unit, g.account, services().clock.now()))
    return _download(data, f"{unit.name if unit else campaign.notice.county}台账.xlsx")


def _choice() -> Sequence[Unit] | None:
    """The units among which the account can choose whose ledgers it takes away; None where it has only its own."""
    return scope.overseen_units(services().campaign, g.account)


@blueprint.get("/template/<form_id>.xlsx")
def template(form_id: str) -> Response:
    """A blank form with the lists of the account's unit."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    campaign = services().campaign
    unit = campaign.unit_by_code.get(g.account.unit_code)
    try:
        data = to_xlsx(blank_book(form_id, campaign, unit if unit in campaign.filing_units else None))
    except NoSuchBlank:
        abort(404)
    return _download(data, f"{campaign.form_by_id[form_id].name}（空白）.xlsx")


def open_for_unit(file: Attachment, unit_code: str) -> Page:
    """Show the office what importing a unit's file would do; it confirms as the unit itself would."""
    return _PAGES.look_at(file.name, file.data, {_UNIT: unit_code})


_UNIT = "unit"
"""Whose file the office imports, among the answers about it."""


def _unit_of(given: Mapping[str, str]) -> Unit:
    """Return the unit that files: the account's own; for the office, the one whose file it opened."""
    campaign = services().campaign
    if not scope.sees_all(g.account):
        return campaign.unit_by_code[g.account.unit_code]
    unit = next((unit for unit in campaign.filing_units if unit.code == given.get(_UNIT)), None)
    return unit or abort(404)


def _kind(given: Mapping[str, str]) -> LedgerUpload:
    used, unit = services(), _unit_of(given)
    with used.engine.connect() as connection:
        answers = Answers(given, remembered_answers(connection, used.campaign, unit.code))
        is_office = scope.sees_all(g.account)
        filer = filer_of(connection, unit) if is_office else g.account
    context = Context(used.campaign, unit, used.clock.today(), answers)
    return LedgerUpload(context, filer, used.clock, on_behalf=g.account if is_office else None)


def _preview(found: LedgerImport) -> dict[str, Any]:
    campaign = services().campaign
    # Who reports for one village does not see the whole unit's figures.
    of_unit = {} if g.account.village_code else found.after
    return {
        "for_unit": found.unit.name if scope.sees_all(g.account) else "",
        "shown_new": SHOWN_NEW,
        "shown_changes": SHOWN_CHANGES,
        "words": _words,
        "words_of": _words_of,
        "kind_names": ROW_KIND_NAMES,
        "left": [
            (sheet.name, ROW_KIND_NAMES[kind], sheet.left_out[kind], rows)
            for sheet in found.book.sheets
            for kind, rows in sheet.left_rows.items()
            if kind != RowKind.BLANK
        ],
        "kept_deadlines": [problem for problem in found.problems if problem.code == DEADLINE_KEPT],
        "waiting": sum(entry.wrong for entry in found.book.entries),
        "rows_lines": figure_lines(found.of_rows, campaign),
        "after_lines": figure_lines(of_unit, campaign) if of_unit else [],
    }


def _words_of(form: RecordForm, values: Mapping[str, Value]) -> str:
    return words_of_record(form, values, services().campaign)


def _done(found: LedgerImport) -> Response:
    plan = found.plan
    if plan.new or plan.changed or plan.found_again or plan.withdrawn:
        more: dict[str, Sequence[object]] = {"又一次发现": plan.found_again, "撤销": plan.withdrawn}
        said = f"已导入：新增 {len(plan.new)} 条，修改 {len(plan.changed)} 条"
        said += "".join(f"，{label} {len(some)} 条" for label, some in more.items() if some)
        flash(f"{said}。导错了可以在“Excel 台账”的“导入记录”里撤回。", "success")
    if found.summaries:
        called = services().campaign.summary_table.called
        flash(f"{called}已交，办公室对账时与台账比较。", "success")
    forms = [header.form for report in found.book.sheets for header in report.headers]
    address = url_for("records.index", form_id=forms[0].id) if forms else url_for("ledgers.index")
    last = KeptAttachments(services().config.home).last(g.account.id)
    return redirect(url_for("attachments.show", token=last) if last else address, 303)


def _page(refusal: str = "") -> str:
    campaign, account = services().campaign, g.account
    return render_template(
        "imports/ledgers.html",
        refusal=refusal,
        may_import=may_write(account, Action.FILE, account.unit_code, account.village_code),
        may_collect=allowed(account.role, "attachments.index", "GET"),
        may_see_imports=allowed(account.role, "imports.index", "GET"),
        sees_readings=allowed(account.role, "readings.index", "GET"),
        blanks=[form for form in campaign.forms if form.kind != "report"],
        units=_choice(),
        all_units="全县" if scope.sees_all(account) else "我督导的全部单位",
    )


def _words(form: RecordForm, field_id: str, value: Value) -> str:
    return display(form.field(field_id), value, services().campaign)


def _download(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)


_PAGES = UploadPages("台账", "imports/ledger_preview.html", _kind, _page, _preview, _done)
