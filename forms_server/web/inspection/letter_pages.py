"""The register of letters: the list, a letter with its answers, its Word file, and the workbook of findings."""

from io import BytesIO
from uuid import UUID, uuid4

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from build_scripts.documents.letter_templates import LETTERS, PROGRESS
from forms_server.access import Action, may_write
from forms_server.inspection import letters as register
from forms_server.inspection.findings import plan_of
from forms_server.inspection.handover_list import handover_book
from forms_server.inspection.progress_letters import send_progress, words_of
from forms_server.inspection.spot_visits import LONGEST
from forms_server.inspection.teams import Refused
from forms_server.inspection.urged_findings import to_urge
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.inspection.spot_visit_page import form_id
from forms_server.web.records.requested_record import desk

_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("/letters")
def letters() -> str:
    """Show the letters; the office also sends them there."""
    with desk() as at:
        plan = plan_of(at)
        found = register.letters(at)
        sends = register.may_send(at)
        late = to_urge(at) if sends else {}
    today = services().clock.today()
    return render_template(
        "inspection/letters.html",
        letters=list(reversed(found)),
        kinds=LETTERS,
        sends=sends,
        late=late,
        unanswered=[
            (each, unit)
            for each in found
            if sends and each.row["answer_due"] < today
            for unit in each.waiting
            if not unit.urged_by
        ],
        days=plan.letters.answer_days,
        now=today,
        new_id=uuid4,
    )


@blueprint.post("/letters")
def send_letter() -> Response:
    """Write down a circular, or an urging letter to a unit."""
    letter_id, unit_code = form_id("letter-id"), request.form.get("unit", "")
    with desk(writes=True) as at:
        if progress := request.form.get("progress", ""):
            send_progress(at, letter_id, progress, unit_code)
        elif unit_code:
            register.send_urging(at, letter_id, unit_code, _follows())
        else:
            register.send_circular(at, letter_id)
    flash("已编号登记，数字是现在的；下载 Word 打印盖章，收到的单位在系统里也看得到。", "success")
    return redirect(url_for("inspection.letter", letter_id=letter_id), 303)


@blueprint.get("/letters/<uuid:letter_id>")
def letter(letter_id: UUID) -> str:
    """Show a letter with its answers."""
    return _page(letter_id)


@blueprint.post("/letters/<uuid:letter_id>/answer")
def answer_letter(letter_id: UUID) -> Response | tuple[str, int]:
    """Record a unit's answer."""
    try:
        with desk(writes=True) as at:
            unit_code = request.form.get("unit", at.account.unit_code)
            register.answer_letter(at, str(letter_id), unit_code, request.form.get("answer", ""))
    except Refused as error:
        return _page(letter_id, fault=str(error)), 422
    flash("答复已登记。", "success")
    return redirect(url_for("inspection.letter", letter_id=letter_id), 303)


@blueprint.get("/letters/<uuid:letter_id>.docx")
def letter_file(letter_id: UUID) -> Response:
    """Download a letter as a Word file: the same bytes each time."""
    # Lazy import: most workers never need Word's library.
    from build_scripts.documents.docx_writer import BrokenTemplate
    from build_scripts.documents.docx_writer import letter as write

    with desk() as at:
        row = register.get_letter(at, str(letter_id)).row
        words = words_of(at, row)
    used = services()
    try:
        content = write(row["kind"], used.campaign, words, row["as_of"].date(), used.config.checklist)
    except BrokenTemplate as error:
        flash(str(error), "danger")
        return redirect(url_for("inspection.letter", letter_id=letter_id), 303)
    note_export(used, g.account, f"letter/{row['number']}", "")
    name = f"{LETTERS[row['kind']].name}{row['mark']}.docx"
    return send_file(BytesIO(content), mimetype=_DOCX, as_attachment=True, download_name=name)


@blueprint.get("/findings.xlsx")
def handover() -> Response:
    """Download the findings as a workbook: one unit's, or all that the account may see."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx

    campaign = services().campaign
    code = request.args.get("unit", "")
    unit = campaign.unit_by_code.get(code)
    if code and unit is None:
        abort(404)
    with desk() as at:
        plan_of(at)
        book = handover_book(at, unit)
    note_export(services(), g.account, f"{code or 'all'}/findings", "")
    name = f"{book.title}.xlsx"
    return send_file(BytesIO(to_xlsx(book)), mimetype=_XLSX, as_attachment=True, download_name=name)


def _follows() -> str | None:
    text = request.form.get("follows", "")
    try:
        return str(UUID(text)) if text else None
    except ValueError:
        abort(404)


def _page(letter_id: UUID, fault: str = "") -> str:
    with desk() as at:
        found = register.get_letter(at, str(letter_id))
        words = words_of(at, found.row)
        sends = register.may_send(at)
    return render_template(
        "inspection/letter.html",
        letter=found,
        words=words,
        kind=LETTERS[found.row["kind"]].name,
        circular=found.row["kind"] == register.CIRCULAR,
        progress=found.row["kind"] in PROGRESS,
        sends=sends,
        answers_for=[
            each.unit_code
            for each in found.waiting
            if sends or may_write(g.account, Action.ANSWER_LETTER, each.unit_code)
        ],
        fault=fault,
        longest=LONGEST,
        now=services().clock.today(),
    )
