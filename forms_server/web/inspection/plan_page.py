"""The plan: teams, who goes where when, and which township has nobody."""

from datetime import date
from uuid import UUID, uuid4, uuid5

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.accounts import account_store
from forms_server.inspection import teams
from forms_server.inspection.inspection_plan import teams as planned_teams
from forms_server.inspection.inspection_plan import without_team
from forms_server.inspection.teams import Days, Refused
from forms_server.scope import sees_all
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.records.requested_record import desk


@blueprint.get("/plan")
def plan() -> str:
    """Show the plan; the office also changes it there."""
    campaign = services().campaign
    with desk() as at:
        found = planned_teams(at)
        inspectors = [
            each
            for each in account_store.all_accounts(at.connection)
            if each.reads_assigned_units and not each.disabled
        ]
        bare = without_team(at, found)
    places = sorted(
        ((each, team) for team in found for each in team.assignments),
        key=lambda pair: (pair[0].first or date.min, pair[0].unit.code),
    )
    today, phases = services().clock.today(), campaign.notice.phases
    on_the_spot = campaign.supervision
    first = on_the_spot.start if on_the_spot else phases[0].start if phases else today
    last = on_the_spot.end if on_the_spot else phases[-1].end if phases else today
    return render_template(
        "inspection/plan.html",
        teams=found,
        places=places,
        bare=bare,
        plans=sees_all(g.account),
        inspectors=inspectors,
        first=max(first, today),
        last=max(last, today),
        new_id=uuid4,
        longest=teams.LONGEST_NAME,
    )


@blueprint.post("/teams")
def form_team() -> Response:
    """Make a team."""
    with desk(writes=True) as at:
        teams.form_team(at, _id("team-id"), request.form.get("name", ""))
    return _back("督导组已建立，请添加成员和单位。")


@blueprint.post("/teams/<uuid:team_id>/dissolve")
def dissolve(team_id: UUID) -> Response:
    """End a team."""
    with desk(writes=True) as at:
        teams.dissolve(at, str(team_id))
    return _back("督导组已撤销，做过的工作仍然留着。")


@blueprint.post("/teams/<uuid:team_id>/members")
def add_member(team_id: UUID) -> Response:
    """Take an inspector into a team."""
    with desk(writes=True) as at:
        teams.add_member(at, str(team_id), _id("account"), leads=request.form.get("leads") == "1")
    return _back("成员已保存。")


@blueprint.post("/teams/<uuid:team_id>/members/remove")
def remove_member(team_id: UUID) -> Response:
    """Take a member out."""
    with desk(writes=True) as at:
        teams.remove_member(at, str(team_id), _id("account"))
    return _back("成员已调出，记录仍然留着。")


@blueprint.post("/teams/<uuid:team_id>/assignments")
def assign(team_id: UUID) -> Response:
    """Send a team to units: each that was picked, on the same days."""
    days, stem = Days(_day("first"), _day("last")), UUID(_id("assignment-id"))
    codes = request.form.getlist("unit")
    if not codes:
        raise Refused("请选督导的单位。")
    with desk(writes=True) as at:
        for code in codes:
            teams.assign(at, str(uuid5(stem, code)), str(team_id), code, days)
    return _back("督导安排已保存。")


@blueprint.post("/assignments/<uuid:assignment_id>/withdraw")
def withdraw_assignment(assignment_id: UUID) -> Response:
    """Take an assignment back."""
    with desk(writes=True) as at:
        teams.withdraw_assignment(at, str(assignment_id))
    return _back("这项安排已撤销，记录仍然留着。")


def _back(words: str) -> Response:
    flash(words, "success")
    return redirect(url_for("inspection.plan"), 303)


def _id(name: str) -> str:
    try:
        return str(UUID(request.form.get(name, "")))
    except ValueError:
        abort(404)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Refused("请选哪一天到哪一天。") from None
