"""Findings: the list, and one of them with what the unit answers and the office decides."""

from collections.abc import Callable, Mapping, Sequence
from uuid import UUID

from flask import abort, flash, g, redirect, render_template, request, url_for
from sqlalchemy import RowMapping
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage
from forms_server.access import FILERS, Action, may_write
from forms_server.editable_states import NotNow
from forms_server.finding_states import FINDING_STATE_NAMES, WAY_NAMES, FindingState, Way
from forms_server.inspection import answers
from forms_server.inspection.alike_issues import ToldMeanwhile, choices, found_after, told_version
from forms_server.inspection.alike_issues import tell_alike as tell_alike_issues
from forms_server.inspection.findings import awaits_answer, findings, get_finding, plan_of
from forms_server.inspection.resent_content import SavedOtherwise
from forms_server.inspection.spot_visits import LONGEST
from forms_server.inspection.teams import Refused
from forms_server.photos.photo_store import Photo, photos
from forms_server.records.extensions import DeadlineFixed
from forms_server.records.record import EditConflict
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.requested_record import base_version, context, desk

_NAMES: Mapping[str, Callable[..., object]] = {
    "state_words": lambda state: FINDING_STATE_NAMES[FindingState(state)],
    "way_words": lambda way: WAY_NAMES[Way(way)],
    "waits": awaits_answer,
}


@blueprint.get("/findings")
def findings_page() -> str:
    """Show the findings that the account may see."""
    with desk() as at:
        plan_of(at)
        found = findings(at)
        answers_for = None if g.account.role not in FILERS else g.account.unit_code
    waiting = [each for each in found if awaits_answer(each) and answers_for in {None, each["answers_code"]}]
    return render_template(
        "inspection/findings.html", findings=found, waiting=waiting, now=services().clock.today(), **_NAMES
    )


@blueprint.get("/findings/<uuid:finding_id>")
def finding(finding_id: UUID) -> str:
    """Show a finding."""
    return _page(finding_id)


@blueprint.post("/findings/<uuid:finding_id>/claim")
def claim(finding_id: UUID) -> Response | tuple[str, int]:
    """Claim a finding."""
    with desk() as at:
        _, record = get_finding(at, str(finding_id))
        form = answers.claim_form(at, record.form)
    fields = _fields(form)
    fields.process(request.form)
    values = checked_record(fields, context(), record.values)
    if values is None:
        return _page(finding_id, fields=fields), 422
    values |= fields.untouched(record.values)
    try:
        with desk(writes=True) as at:
            row, record = get_finding(at, str(finding_id))
            answers.claim(at, row, record, values, base_version())
    except DeadlineFixed as error:
        fields.refuse(error.problem)
        return _page(finding_id, fields=fields), 422
    except SavedOtherwise as error:
        return _page(finding_id, fault=str(error)), 409
    except (Refused, NotNow) as error:
        return _page(finding_id, fields=fields, fault=str(error)), 422
    except EditConflict:
        fault = "这一条刚才有人改过，下面是现在的内容，请核对后再认领。"
        return _page(finding_id, fault=fault, typed=_typed(form)), 409
    return _back(finding_id, "已认领，请按措施和时限整改，改好后报告已整改。")


@blueprint.post("/findings/<uuid:finding_id>/object")
def object_to_finding(finding_id: UUID) -> Response | tuple[str, int]:
    """Object to a finding."""
    try:
        with desk(writes=True) as at:
            answers.object_to(at, *get_finding(at, str(finding_id)), request.form.get("objection", ""))
    except Refused as error:
        return _page(finding_id, fault=str(error), typed=_words("objection", "理由和凭据")), 422
    return _back(finding_id, "异议已交办公室核定；核定以前仍按发现的问题计。")


@blueprint.post("/findings/<uuid:finding_id>/decide")
def decide(finding_id: UUID) -> Response | tuple[str, int]:
    """Decide on an objection."""
    decision = request.form.get("upheld", "")
    if decision not in {"yes", "no"}:
        abort(400)
    try:
        with desk(writes=True) as at:
            row, record = get_finding(at, str(finding_id))
            answers.decide(at, row, record, request.form.get("decision", ""), upheld=decision == "yes")
    except Refused as error:
        return _page(finding_id, fault=str(error), typed=_words("decision", "核定意见")), 422
    return _back(finding_id, "核定意见已保存。")


@blueprint.post("/findings/<uuid:finding_id>/alike")
def tell_alike(finding_id: UUID) -> Response | tuple[str, int]:
    """Say how many others were looked at."""
    number, chosen = request.form.get("looked-at", ""), request.form.getlist("alike")
    try:
        if not (number.isascii() and number.isdigit() and len(number) < 8):
            raise Refused("请填又排查了多少，没有的填 0。")
        with desk(writes=True) as at:
            row, record = get_finding(at, str(finding_id))
            tell_alike_issues(at, row, record, int(number), chosen, request.form.get("told", ""))
    except Refused as error:
        return _page(finding_id, fault=str(error)), 422
    except ToldMeanwhile:
        fault = "举一反三刚才有人填过了，下面是现在存的，请对照着再填一次。"
        typed = [("又排查了", number), ("勾选的问题", f"{len(chosen)} 个")]
        return _page(finding_id, fault=fault, typed=typed), 409
    return _back(finding_id, "举一反三的情况已保存。")


def _typed(form: RecordForm) -> list[tuple[str, str]]:
    """What was typed, by label: shown where it was not saved."""
    words = ((field.label, request.form.get(field.id, "")) for field in form.fields)
    return [(label, typed) for label, typed in words if typed]


def _words(name: str, label: str) -> list[tuple[str, str]]:
    typed = request.form.get(name, "").strip()
    return [(label, typed)] if typed else []


def _back(finding_id: UUID, words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("inspection.finding", finding_id=finding_id), 303)


def _pictures(shown: Sequence[Photo], row: RowMapping) -> list[Photo]:
    """Photographs that the team took for this finding."""
    own = {row["visit_id"], row["check_id"], row["id"]} - {None}
    return [each for each in shown if each.spot_id in own]


def _fields(form: RecordForm) -> RecordFields:
    return RecordFields(form, frozenset({Stage.FOUND}), offer_of(form))


def _page(
    finding_id: UUID,
    *,
    fields: RecordFields | None = None,
    fault: str = "",
    typed: Sequence[tuple[str, str]] = (),
) -> str:
    with desk() as at:
        row, record = get_finding(at, str(finding_id))
        claimed = answers.claim_form(at, record.form)
        answering = answers.may_answer(at, row, record)
        after = found_after(at, row["id"])
        told = told_version(at, row)
        near = choices(at, row, record) if answering else []
        pictures = _pictures(photos(at.connection, record), row)
    if fields is None:
        fields = _fields(claimed)
        fields.show(record.values)
    return render_template(
        "inspection/finding.html",
        row=row,
        record=record,
        form=claimed,
        fields=fields,
        fault=fault,
        typed=typed,
        pictures=pictures,
        answers_for=answering,
        after=after,
        told=told,
        near=[*after, *(each for each in near if each.id not in {one.id for one in after})],
        decides=may_write(g.account, Action.DECIDE, ""),
        longest=LONGEST,
        now=services().clock.today(),
        **_NAMES,
    )
