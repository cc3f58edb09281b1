"""The list of what a team looks at."""

from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.sampling.stratified_draw import BY_LOT
from checklist.model import Mark
from checklist.model.inspection import PhasedWork
from checklist.values.village_names import village_names
from forms_server.inspection.draw_replacing import replace_household
from forms_server.inspection.inspection_plan import begun_units
from forms_server.inspection.sheet_problems import unwritten
from forms_server.inspection.spot_list import looked_at, spot_units
from forms_server.phase_rights import late_remark
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.records.requested_record import desk

MARK_WORDS = {
    Mark.TOLD: "有问题报了已整改",
    Mark.NEVER_VISITED: "自查没有到过",
    Mark.PROPOSED: "拟识别",
    Mark.NOTHING_FOUND: "没有查出问题",
    Mark.FROM_SOURCE: "有人反映",
    Mark.HASTY: "填得太快",
    Mark.NO_PHOTO: "没有整改后照片",
}


def why_words(why: str) -> str:
    """Why something is looked at."""
    if why == BY_LOT:
        return "抽中"
    return f"必查：{MARK_WORDS[Mark(why)]}" if why else "递补"


@blueprint.get("/")
def index() -> str:
    """Show what is looked at in the units to which the team has been sent."""
    campaign = services().campaign
    with desk() as at:
        units = spot_units(at)
        done = looked_at(at)
        begun = begun_units(at)
        left = {each.household_id: each for each in unwritten(at, begun)}
    form = campaign.household_form
    return render_template(
        "inspection/spot_list.html",
        units=units,
        done=done,
        begun=[unit for unit in campaign.filing_units if unit.code in begun],
        looks=g.account.reads_assigned_units,
        why_words=why_words,
        village_names=village_names(campaign),
        left=left,
        late=late_remark(campaign, PhasedWork.SPOT, services().clock.today()),
        type_names={each.id: each.label for each in form.field("household_type").choices} if form else {},
    )


@blueprint.post("/draws/<uuid:draw_id>/households/<uuid:household_id>/replace")
def replace(draw_id: UUID, household_id: UUID) -> Response:
    """Let the next household stand in for one that cannot be looked at."""
    with desk(writes=True) as at:
        replace_household(at, str(draw_id), str(household_id), request.form.get("reason", ""))
    flash("已按抽签次序递补下一户，理由留着备查。", "success")
    return redirect(url_for("inspection.index"), 303)
