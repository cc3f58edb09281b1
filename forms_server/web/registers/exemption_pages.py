"""The pages of exemptions: a doubt's reasons are asked for, a second person decides, and the ledger of all of them."""

from io import BytesIO
from uuid import UUID, uuid4

from flask import abort, flash, g, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from build_scripts.rules.field_columns import PERIOD, ROW_STATE, named_fields
from build_scripts.rules.form_rulebook import rulebook
from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Register, RegisterCheck
from checklist.reading.personal_numbers import refuse_personal_numbers
from checklist.reading.relative_days import months_later
from checklist.register_periods import period_words
from checklist.values.judge import display
from forms_server.db.tables import register_row
from forms_server.desk import Desk, NotAllowed
from forms_server.registers import exemption_store
from forms_server.registers.exemption import (
    EXEMPTIBLE,
    ExemptionState,
    StandingExemption,
    decides,
    is_second_person,
    may_ask,
)
from forms_server.registers.exemption_lapse import check_of, lapse_of
from forms_server.registers.exemption_listing import exemptions_of
from forms_server.registers.exemption_store import ExemptionLapsed, ExemptionRequest, ExemptionStands
from forms_server.registers.exemption_words import lapse_words
from forms_server.registers.register_row import RegisterRow
from forms_server.sight_log import note_export
from forms_server.web.current_services import services
from forms_server.web.imports.ledger_workbook_pages import XLSX
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import RECORD_ID, base_version, desk
from forms_server.web.registers.requested_register import (
    asked_register,
    blueprint,
    seen_rows,
    stored_row,
)
from forms_server.web.registers.ruled_fields import ruled_register

MOST_WORDS, LEAST_WORDS = 300, 4
"""Characters of the words that say why a doubt is none, and of an answer."""

MONTHS = (3, 6, 12)
"""For how many months an exemption may be asked for."""


@blueprint.route("/<register_id>/<uuid:row_id>/exempt/<check_id>", methods=["GET", "POST"])
def ask_exemption(register_id: str, row_id: UUID, check_id: str) -> Response | str | tuple[str, int]:
    """Ask for an exemption of a row from a check (GET shows the form, POST stores)."""
    register = asked_register(register_id)
    check = check_of(register, check_id)
    if check is None or check.level != EXEMPTIBLE:
        abort(404)
    with desk() as at:
        row = stored_row(at, register, row_id)
    if not may_ask(services().campaign, g.account, row):
        raise NotAllowed("这一行不由您的账号填，不能申请豁免：由登记它的单位，或者对这本台账负责的单位申请。")
    if request.method == "GET":
        return _ask_page(row, check)
    asked, fault = _asked(register, check)
    if asked is None:
        return _ask_page(row, check, fault), 422
    try:
        with desk(writes=True) as at:
            made = exemption_store.ask(at, stored_row(at, register, row_id), asked)
    except ExemptionStands as error:
        flash(f"这个疑点已经有一份豁免（{error.current.state.label}），没有再申请。", "warning")
        return redirect(_address(register, error.current.id), 303)
    except RulesFailed:
        return _ask_page(row, check, say("rules-failed")), 422
    flash("已申请豁免，等另一个人批准；批准以前仍是疑点。", "success")
    return redirect(_address(register, made.id), 303)


def _asked(register: Register, check: RegisterCheck) -> tuple[ExemptionRequest | None, str]:
    """What the form asks for; None with what is wrong."""
    try:
        identity = str(UUID(request.form.get(RECORD_ID, "")))
    except ValueError:
        abort(400)
    reason, words = request.form.get("reason", ""), _words("words")
    if register.exemption_reasons and reason not in register.exemption_reasons:
        return None, "请选一条理由。"
    if len(words) < LEAST_WORDS:
        return None, "请写清核实的情况，至少四个字：怎么核实的，为什么不用改。"
    if fault := _words_fault(words):
        return None, fault
    months = request.form.get("months", "")
    if months not in {str(each) for each in MONTHS}:
        return None, "请选豁免多久。"
    until = months_later(services().clock.today(), int(months))
    return ExemptionRequest(identity, check, reason if register.exemption_reasons else "", words, until), ""


def _words(name: str) -> str:
    return " ".join(request.form.get(name, "").replace("\0", "").split())


def _words_fault(words: str) -> str:
    if refuse_personal_numbers(words):
        return "里面有像是个人号码的数字，没有保存。请删去号码再写一次。"
    return f"最多写 {MOST_WORDS} 个字，没有保存。" if len(words) > MOST_WORDS else ""


def _ask_page(row: RegisterRow, check: RegisterCheck, fault: str = "") -> str:
    today = services().clock.today()
    return render_template(
        "registers/ask_exemption.html",
        form=row.register,
        row=row,
        check=check,
        fault=fault,
        typed=request.form,
        exemption_id=request.form.get(RECORD_ID) or str(uuid4()),
        months=[(each, months_later(today, each)) for each in MONTHS],
        most_words=MOST_WORDS,
    )


@blueprint.get("/<register_id>/exemptions")
def exemptions(register_id: str) -> str:
    """List the register's exemptions, those that wait for a second person first."""
    register = asked_register(register_id)
    state, failed = request.args.get("state", ""), ""
    try:
        with desk() as at:
            found = exemptions_of(at, seen_rows(register))
    except RulesFailed:
        found, failed = [], say("rules-failed")
    shown = [each for each in found if not state or each.state.value == state]
    note_read(register_row.name, [(each.row.id, each.row.unit_code) for each in shown])
    counts = {each: sum(one.state is each for one in found) for each in ExemptionState}
    return render_template(
        "registers/exemptions.html",
        form=register,
        found=shown,
        counts=counts,
        chosen=state,
        failed=failed,
        lapse_words=lapse_words,
        decides=decides(g.account, register.owner),
    )


@blueprint.get("/<register_id>/exemptions.xlsx")
def exemptions_workbook(register_id: str) -> Response:
    """Download the ledger of exemptions as a workbook."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from forms_server.imports.exemption_exporting import exemptions_book

    register = asked_register(register_id)
    with desk() as at:
        book = exemptions_book(at, [seen_rows(register)])
    note_export(services(), g.account, f"{register.id}/exemptions", "")
    content = BytesIO(to_xlsx(book))
    return send_file(content, mimetype=XLSX, as_attachment=True, download_name=f"{book.title}.xlsx")


@blueprint.get("/<register_id>/exemptions/<uuid:exemption_id>")
def exemption(register_id: str, exemption_id: UUID) -> str:
    """Show one exemption with its reasons; those who decide do so here, one by one."""
    register = asked_register(register_id)
    try:
        with desk() as at:
            asked, row = exemption_store.find(at, register, str(exemption_id))
            check = check_of(register, asked.check_id)
            lapsed, read, failed = lapse_of(at, asked, row), _read(at, row, check), ""
    except RulesFailed:
        lapsed, read, failed = None, [], say("rules-failed")
    note_read(register_row.name, [(row.id, row.unit_code)])
    deciding = decides(g.account, register.owner)
    standing = StandingExemption(asked, row, check, lapsed)
    return render_template(
        "registers/exemption.html",
        form=register,
        row=row,
        found=standing,
        asked=asked,
        failed=failed,
        read=read,
        lapse_words=lapse_words,
        decides=deciding,
        may_decide=deciding and is_second_person(g.account, asked),
        may_withdraw=deciding or g.account.id == asked.asked_by,
        most_words=MOST_WORDS,
    )


def _read(at: Desk, row: RegisterRow, check: RegisterCheck | None) -> list[tuple[str, str]]:
    """The values that a check reads now, as people read them, by label."""
    if check is None:
        return []
    book, fields = rulebook(at.campaign, row.register), named_fields(at.campaign, row.register)
    given = ruled_register(row.register).given_now(at.connection, row)
    own = {ROW_STATE: row.state_words, PERIOD: period_words(row.period)}
    found = []
    for name in sorted(book.read_by(check.id)):
        value = given.get(name)
        words = own.get(name) or ("" if value is None else display(fields[name], value, at.campaign))
        found.append((book.label_of(name), words or "没有填"))
    return found


@blueprint.post("/<register_id>/exemptions/<uuid:exemption_id>/decide")
def decide_exemption(register_id: str, exemption_id: UUID) -> Response:
    """Approve an exemption, or refuse it with a reason."""
    register, agrees, words = (
        asked_register(register_id),
        request.form.get("agrees") == "yes",
        _words("words"),
    )
    back = redirect(_address(register, str(exemption_id)), 303)
    fault = _words_fault(words) or ("" if agrees or words else "没有办：不同意要写明为什么。")
    if fault:
        flash(fault, "danger")
        return back
    try:
        with desk(writes=True) as at:
            found = exemption_store.find(at, register, str(exemption_id))
            exemption_store.decide(at, found, base_version(), words, agrees=agrees)
    except ExemptionStands as error:
        flash(_decided_words(error), "warning")
    except ExemptionLapsed as error:
        flash(f"没有批准：申请以后{lapse_words(error.lapse)}。请申请的人看过现在的数据，再申请。", "danger")
    except NotAllowed as error:
        flash(str(error), "danger")
    except RulesFailed:
        flash(say("rules-failed"), "danger")
    else:
        flash("已批准豁免。" if agrees else "已答复不同意，仍是疑点。", "success")
    return back


def _decided_words(error: ExemptionStands) -> str:
    current = error.current
    if current.state is ExemptionState.PENDING:
        return "没有办：您打开以后有改动，请看过再办。"
    who = f"{current.decider}" if current.decider else ""
    return f"没有办：这一份{who}已经办过，现在是“{current.state.label}”。"


@blueprint.post("/<register_id>/exemptions/<uuid:exemption_id>/withdraw")
def withdraw_exemption(register_id: str, exemption_id: UUID) -> Response:
    """Take an exemption back: the doubt stands again."""
    register = asked_register(register_id)
    try:
        with desk(writes=True) as at:
            found = exemption_store.find(at, register, str(exemption_id))
            exemption_store.withdraw(at, found, base_version())
    except ExemptionStands as error:
        flash(_decided_words(error), "warning")
    except NotAllowed as error:
        flash(str(error), "danger")
    else:
        flash("已撤回，仍是疑点。", "success")
    return redirect(_address(register, str(exemption_id)), 303)


def _address(register: Register, exemption_id: str) -> str:
    return url_for("registers.exemption", register_id=register.id, exemption_id=exemption_id)
