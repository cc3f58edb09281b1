"""A row's page, and what is done from there: confirm what was carried over, change its state."""

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.rules.judged_rows import RULE
from checklist.model import Register
from checklist.reading.personal_numbers import refuse_personal_numbers
from forms_server.db.tables import register_row
from forms_server.photos.field_photos import field_photos
from forms_server.records.record_history import history_of
from forms_server.registers import row_moves, row_periods, row_store
from forms_server.registers.exemption import EXEMPTIBLE
from forms_server.registers.exemption_listing import past_exemptions
from forms_server.registers.row_doubts import found_in
from forms_server.registers.row_moves import RowLacks, RowWrong
from forms_server.registers.row_references import named_by
from forms_server.registers.row_scope import keeps_rows, may_write_row, reaches
from forms_server.registers.row_store import RowConflict, RowExists
from forms_server.web.current_services import services
from forms_server.web.photos.field_uploads import missing_photos
from forms_server.web.read_names import note_read
from forms_server.web.records.record_words import action_names
from forms_server.web.records.requested_record import base_version, desk
from forms_server.web.registers.issue_of_row import filed_issue, new_issue_address
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_register,
    blueprint,
    row_address,
    stored_row,
)
from forms_server.web.registers.ruled_fields import ruled_register

MOST_REASON = 300
"""Characters of a reason."""

PICK = "pick"
"""Name of the boxes that tick rows: id and version."""

_ACTIONS = {
    row_periods.CARRY: "从上一期带来",
    row_moves.CONFIRM: "核实，没有变化",
    row_moves.MOVE: "改状态",
    row_moves.LINK: "登记为问题",
}


@blueprint.get("/<register_id>/<uuid:row_id>/")
def show(register_id: str, row_id: UUID) -> str:
    """Show a row with its history."""
    return page(asked_register(register_id), row_id)


def page(register: Register, row_id: UUID, photo_problems: Sequence[str] = ()) -> str:
    """Render the page, with what is wrong with uploaded photographs."""
    with desk() as at:
        row = stored_row(at, register, row_id)
        entries = history_of(at.connection, register_row.name, row.id)
        judged = ruled_register(register).judge_stored(at.connection, [row])
        found = found_in(at, register, [row])
        past = past_exemptions(at, row)
        issue = filed_issue(at, row)
        named = named_by(at.connection, at.campaign, row)
        pictured = field_photos(at.connection, row) if register.photo_fields else {}
    note_read(register_row.name, [(row.id, row.unit_code)])
    campaign = services().campaign
    return render_template(
        "registers/show.html",
        form=register,
        row=row,
        missing=[
            *(one.message for each in judged for one in each.problems if one.code != RULE),
            *missing_photos(register, row.values),
        ],
        pictured_fields=pictured,
        photo_problems=photo_problems,
        found=[each for each in found if each.rows],
        exempted=[one for each in found for one in each.exempted],
        exemptible=EXEMPTIBLE,
        past_exemptions=past,
        entries=entries,
        may_write=may_write_row(campaign, g.account, row),
        open_states=[
            each
            for each in register.states
            if each.id != row.state and reaches(campaign, g.account, register, each.id)
        ],
        may_file=keeps_rows(campaign, g.account, register),
        row_actions=action_names() | _ACTIONS,
        most_reason=MOST_REASON,
        issue=issue,
        named=named,
        issue_address=new_issue_address(row),
    )


@blueprint.post("/<register_id>/<uuid:row_id>/state")
def move(register_id: str, row_id: UUID) -> Response:
    """Put a row into another state."""
    register, reason = asked_register(register_id), " ".join(request.form.get("reason", "").split())
    state = register.state(request.form.get("state", "")) or abort(400)
    with desk(writes=True) as at:
        row = stored_row(at, register, row_id)
        if problem := _reason_problem(reason, needed=state.ends):
            flash(problem, "danger")
            return redirect(row_address(row), 303)
        try:
            row_moves.move(at, row, base_version(), state, reason)
        except RowConflict:
            flash(CHANGED, "warning")
        except RowExists as error:
            flash(_exists_words(error), "danger")
        else:
            flash(f"已改为“{state.label}”。", "success")
    return redirect(row_address(row), 303)


def _reason_problem(reason: str, *, needed: bool) -> str:
    if refuse_personal_numbers(reason):
        return "理由里有像是个人号码的数字，没有保存。请删去号码再写一次。"
    if needed and not reason:
        return "没有改：请写明理由，比如“已拆除”“已去世”。"
    return f"理由最多 {MOST_REASON} 个字，没有保存。" if len(reason) > MOST_REASON else ""


CHANGED = "这一行刚被别人改过，没有动。请看看现在的内容，再决定。"


def _exists_words(error: RowExists) -> str:
    same = "同一个人" if error.same_person else "同样的"
    return f"没有改：{same}已经另有一行（第 {error.current.number} 行），一期只能有一行。"


_CONFIRMED: Mapping[type[Exception] | None, tuple[str, str]] = {
    None: ("已核实 {} 行。", "success"),
    RowConflict: ("有 {} 行刚被别人改过，没有动，请看看再核实。", "warning"),
    RowLacks: ("有 {} 行还有这一期要重新填的栏，请打开填好，保存就算核实。", "warning"),
    RowWrong: ("有 {} 行到了这一期有差错，没有核实：请打开看核对的结果，改正后保存就算核实。", "danger"),
}
"""What came of ticked rows, by what kept them from being confirmed."""


@blueprint.post("/<register_id>/confirm")
def confirm(register_id: str) -> Response:
    """Confirm ticked rows, or the one row whose page it is: what was carried over still holds."""
    register = asked_register(register_id)
    seen, period = _picked(), request.form.get(PERIOD, "")
    outcomes = Counter[type[Exception] | None]()
    with desk(writes=True) as at:
        for row in row_store.rows_of(at, register, list(seen)):
            try:
                row_moves.confirm(at, row, seen[row.id])
            except (RowConflict, RowLacks, RowWrong) as error:
                outcomes[type(error)] += 1
            else:
                outcomes[None] += 1
    for outcome, (words, category) in _CONFIRMED.items():
        if outcomes[outcome]:
            flash(words.format(outcomes[outcome]), category)
    if not seen:
        flash("没有勾选：请先勾上没有变化的行。", "warning")
    return redirect(url_for("registers.index", register_id=register.id, period=period or None), 303)


def _picked() -> dict[str, int]:
    """Ids of the ticked rows with the versions that were seen; 400 if malformed."""
    seen = {}
    for each in request.form.getlist(PICK):
        row_id, _, version = each.partition(".")
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            abort(400)
        seen[row_id] = int(version)
    return seen


@blueprint.post("/<register_id>/open")
def open_period(register_id: str) -> Response:
    """Carry the rows of the last period over into the one that is asked for."""
    register, period = asked_register(register_id), request.form.get(PERIOD, "")
    with desk(writes=True) as at:
        try:
            added = row_periods.open_period(at, register, period)
        except ValueError:
            abort(400)
    flash(f"从上一期带来 {added} 行，请逐行核实：没有变化的勾选后点“没有变化，已核实”。", "success")
    return redirect(url_for("registers.index", register_id=register.id, period=period), 303)
