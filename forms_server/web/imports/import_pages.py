"""Ledgers as workbooks: blank forms and exports to take away, and an upload that is shown before it is imported."""

import hashlib
from collections.abc import Sequence
from io import BytesIO

from flask import Blueprint, abort, flash, g, redirect, render_template, request, send_file, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from build_scripts.intake.ledger_book import LedgerBook
from build_scripts.intake.ledger_plan import LedgerPlan
from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.workbook_reader import mark_workbook
from build_scripts.workbooks.blank_books import NoSuchBlank, blank_book
from checklist.model import RecordForm, Unit
from checklist.values.judge import Context, Value, display
from forms_server import scope
from forms_server.access import Action, may_write
from forms_server.db.engine import transaction
from forms_server.imports.handed_in_figures import keep
from forms_server.imports.import_storage import Importer, store
from forms_server.imports.ledger_exporting import export as export_ledgers
from forms_server.imports.ledger_import import LedgerImport, plan_import, read_ledgers
from forms_server.imports.uploads import Uploads
from forms_server.records.record import EditConflict
from forms_server.web.current_services import services

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

SHOWN_PROBLEMS, SHOWN_NEW, SHOWN_CHANGES = 300, 30, 100
"""How many of each a page shows; the copy of the workbook has all marks."""


@blueprint.get("/")
def index() -> str:
    """What can be taken away, and the upload."""
    return _page()


@blueprint.post("/check")
def check() -> str | tuple[str, int]:
    """Read an uploaded workbook and show what would be done with it; nothing is stored."""
    file = request.files.get("file")
    data = file.read() if file else b""
    if not file or not file.filename:
        return _page(refusal="还没有选文件；请先选一个 Excel 文件，再点“核对”。"), 422
    return _checked(_uploads().keep(g.account.id, data), data, file.filename)


@blueprint.post("/<token>/import")
def import_(token: str) -> Response | str | tuple[str, int]:
    """Import a workbook as it was shown: all of it, or nothing."""
    data = _kept(token)
    used = services()
    name = request.form.get("name", "")
    try:
        book = _read(data)
    except Unreadable as error:
        return _unread(token, name, error)
    try:
        with transaction(used.engine) as connection:
            found = _plan(connection, book)
            changed = bool(found.errors) or request.form.get("seen") != _print_of(found.plan)
            if not changed:
                now = used.clock.now()
                importer = Importer(connection, used.campaign, _context().unit, g.account, now)
                store(found.plan, importer)
                keep(found.summaries, importer)
    except EditConflict:
        abort(409)
    if changed:  # nobody else waits to write while the workbook is read once more
        flash("核对以后台账又有了变动，没有导入。请看过下面的结果，再点一次导入。", "warning")
        return _checked(token, data, name)
    _uploads().drop(g.account.id, token)
    if found.plan.new or found.plan.changed:
        flash(f"已导入：新增 {len(found.plan.new)} 条，修改 {len(found.plan.changed)} 条。", "success")
    if found.summaries:
        flash(f"{used.campaign.summary_table.called}已交，办公室对账时与台账比较。", "success")
    forms = [header.form for report in book.sheets for header in report.headers]
    address = url_for("records.index", form_id=forms[0].id) if forms else url_for("ledgers.index")
    return redirect(address, 303)


@blueprint.get("/<token>/marked.xlsx")
def marked(token: str) -> Response | tuple[str, int]:
    """The workbook with its wrong cells marked, to be corrected and sent again."""
    data = _kept(token)
    with services().engine.connect() as connection:
        found = _plan(connection, _read(data))
    try:
        with _uploads().one_at_a_time():
            copy = mark_workbook(data, found.problems)
    except Unreadable as error:
        return Response(_page(refusal=str(error)), 422, mimetype="text/html")
    return _download(copy, "标出问题的台账.xlsx")


@blueprint.get("/export.xlsx")
def export() -> Response:
    """The ledgers that the account may see.

    A filing unit's people get their unit's own ledgers, which they hand in; a department too, not what others filed
    and it answers for. The office gets the county's and an inspector those of the units assigned to it, or of one
    of them.
    """
    # XlsxWriter is of no use to most workers.
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    campaign = services().campaign
    choice = _choice()
    code = g.account.unit_code if choice is None else request.args.get("unit", "")
    unit = next((unit for unit in choice or campaign.filing_units if unit.code == code), None)
    if code and unit is None:
        abort(404)
    with services().engine.connect() as connection:
        data = to_xlsx(export_ledgers(connection, campaign, unit, g.account))
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


def _checked(token: str, data: bytes, name: str) -> str | tuple[str, int]:
    """The page with what a workbook says, or why it cannot be read."""
    try:
        book = _read(data)
    except Unreadable as error:
        return _unread(token, name, error)
    with services().engine.connect() as connection:
        found = _plan(connection, book)
    page = render_template(
        "ledgers/preview.html",
        found=found,
        token=token,
        name=name,
        seen=_print_of(found.plan),
        shown_problems=SHOWN_PROBLEMS,
        shown_new=SHOWN_NEW,
        shown_changes=SHOWN_CHANGES,
        words=_words,
    )
    return (page, 422) if found.errors else page


def _unread(token: str, name: str, error: Unreadable) -> tuple[str, int]:
    """Why a workbook cannot be read; it is not kept."""
    _uploads().drop(g.account.id, token)
    return _page(refusal=f"没有读“{name}”：{error}"), 422


def _page(refusal: str = "") -> str:
    campaign, account = services().campaign, g.account
    return render_template(
        "ledgers/index.html",
        refusal=refusal,
        may_import=may_write(account, Action.FILE, account.unit_code, account.village_code),
        blanks=[form for form in campaign.forms if form.kind != "report"],
        units=_choice(),
        all_units="全县" if scope.sees_all(account) else "我督导的全部单位",
    )


def _read(data: bytes) -> LedgerBook:
    with _uploads().one_at_a_time():
        return read_ledgers(data, _context(), g.account.shown_name)


def _plan(connection: Connection, book: LedgerBook) -> LedgerImport:
    return plan_import(connection, book, _context(), g.account)


def _context() -> Context:
    used = services()
    return Context(used.campaign, used.campaign.unit_by_code[g.account.unit_code], used.clock.today())


def _uploads() -> Uploads:
    return Uploads(services().config.home)


def _kept(token: str) -> bytes:
    """The account's upload; 404 once it is gone."""
    data = _uploads().find(g.account.id, token)
    return data if data is not None else abort(404)


def _print_of(plan: LedgerPlan) -> str:
    """A print of what a plan would do: the same again unless somebody changed the records meanwhile."""
    changed = [(change.recorded.id, change.recorded.handle.version) for change in plan.changed]
    said = repr((len(plan.new), changed, plan.unchanged))
    return hashlib.sha256(said.encode()).hexdigest()


def _words(form: RecordForm, field_id: str, value: Value) -> str:
    return display(form.field(field_id), value, services().campaign)


def _download(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), mimetype=XLSX, as_attachment=True, download_name=name)
