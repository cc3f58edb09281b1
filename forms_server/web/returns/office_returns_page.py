"""The office's overview of all returns, the call list, and receiving or sending back returns."""

from collections.abc import Sequence
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Field, FieldType
from checklist.values.judge import check_value
from forms_server.access import allowed
from forms_server.returns import call_list, signing
from forms_server.returns.frozen_returns import SignedReturn
from forms_server.returns.return_standing import ReturnStage, ReturnStanding, Timeliness, standings
from forms_server.scope import may_read_return
from forms_server.web.current_services import services
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import context, desk
from forms_server.web.returns.requested_return import blueprint
from forms_server.web.returns.signed_return_page import page

REASON = Field(id="reason", label="退回理由", type=FieldType.PARAGRAPH, required=True, max_length=500)

FILTERS = (*ReturnStage, Timeliness.MISSING, Timeliness.LATE)
"""Filters of the list."""


@blueprint.get("/")
def index() -> str:
    """List all units with an expected return and its status."""
    every = _standings()
    counts = {name.value: sum(_is(each, name.value) for each in every) for name in FILTERS}
    chosen = request.args.get("state", "")
    return render_template(
        "returns/index.html",
        every=every,
        shown=[each for each in every if chosen not in counts or _is(each, chosen)],
        counts=counts,
        chosen=chosen if chosen in counts else "",
        may_receive=allowed(g.account.role, "returns.receive", "POST"),
        now=services().clock.now(),
    )


@blueprint.get("/telephone")
def telephone_list() -> str:
    """Show the call list as text to copy or print."""
    with desk() as at:
        waiting = call_list.waiting(at.connection, at.campaign, standings(at.connection, at.campaign, at.now))
        text = call_list.text_of(at.campaign, waiting, at.now)
    return render_template("returns/telephone.html", text=text, lines=text.count("\n") + 2)


@blueprint.post("/<uuid:return_id>/receive")
def receive(return_id: UUID) -> Response:
    """Mark a return as received."""
    with desk(writes=True) as at:
        done = signing.receive(at, str(return_id))
    flash(f"已接收{_name(done)}。", "success")
    return redirect(url_for("returns.index"), 303)


@blueprint.post("/<uuid:return_id>/send-back")
def send_back(return_id: UUID) -> Response | tuple[str, int]:
    """Send a return back with a reason, shown prominently to the unit."""
    typed = request.form.get(REASON.id, "")
    reason = check_value(REASON, typed, context())
    if reason.value is None:
        return page(return_id, fault=reason.problems[0].message, reason=typed), 422
    with desk(writes=True) as at:
        done = signing.send_back(at, str(return_id), str(reason.value))
    flash(f"已退回{_name(done)}，该单位首页会先显示退回理由。", "success")
    return redirect(url_for("returns.index"), 303)


def _standings() -> Sequence[ReturnStanding]:
    with desk() as at:
        every = standings(at.connection, at.campaign, at.now)
    return [each for each in every if may_read_return(g.account, each.unit.code)]


def _is(standing: ReturnStanding, name: str) -> bool:
    return name in {standing.stage.value, standing.timeliness.value}


def _name(done: SignedReturn) -> str:
    return f"{unit_name(services().campaign, done.unit_code)}的第 {done.number} 次报送"
