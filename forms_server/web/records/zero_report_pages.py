"""Zero reports: every problem type of a unit or of one of its villages, with a tick for 经排查无问题."""

from collections.abc import Sequence

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Village
from checklist.model.inspection import PhasedWork
from checklist.values.village_names import village_names
from checklist.visit_forms import visit_forms
from forms_server.access import SIGNERS, Action, may_write
from forms_server.desk import NotAllowed
from forms_server.phase_rights import late_remark, refusal_in_phase
from forms_server.records import village_zero_reports, zero_reports
from forms_server.records.zero_reports import ZeroState
from forms_server.visits.visit_progress import Reach, reach_of_township
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("zero", __name__, url_prefix="/zero")


@blueprint.get("/")
def index() -> str | Response:
    """Show the unit's status for every problem type; who reports for one village gets the village's."""
    if g.account.village_code:
        return redirect(url_for("zero.village", code=g.account.village_code), 303)
    return _page(None, ())


@blueprint.get("/villages/<code>")
def village(code: str) -> str:
    """Show the status of one of the unit's villages."""
    return _page(_village(code), ())


@blueprint.post("/")
def save() -> Response | tuple[str, int]:
    """Apply the ticks changed on the unit's page."""
    return _save(None)


@blueprint.post("/villages/<code>")
def save_village(code: str) -> Response | tuple[str, int]:
    """Apply the ticks changed on a village's page; the unit's follow when all its villages have spoken."""
    return _save(_village(code))


def _save(of: Village | None) -> Response | tuple[str, int]:
    shown, ticked = set(request.form.getlist("shown")), set(request.form.getlist("ticked"))
    if _refusal():
        return _page(of, ()), 403
    reach = _reach(of)
    if ticked - shown and reach.left > 0 and request.form.get("confirmed") != _told(reach):
        return _page(of, (), asked=reach), 422
    confirmed = {"households": reach.households, "visited": reach.visited} if reach.left > 0 else None
    unit_code, done = g.account.unit_code, list[str]()
    try:
        with desk(writes=True) as at:
            if of:
                place = unit_code, of.code
                done = village_zero_reports.save(at, place, shown, ticked, confirmed)
            else:
                zero_reports.save(at, unit_code, shown, ticked, confirmed)
    except NotAllowed:
        abort(403)
    except zero_reports.FoundSome as error:
        return _page(of, error.standings), 422
    flash("已保存零报告。", "success")
    if done:
        names = services().campaign.problem_type_by_id
        types = "、".join(names[type_id].name for type_id in done)
        flash(f"各村都报齐了，都没有问题，已记为本单位的零报告：{types}。", "success")
    return redirect(_address(of), 303)


def _refusal() -> str:
    """Why the account may not tick in this phase, and who may."""
    used = services()
    signs = g.account.role in SIGNERS
    return refusal_in_phase(used.campaign, PhasedWork.ZERO_REPORT, used.clock.today(), signs=signs)


def _village(code: str) -> Village:
    """One of the unit's villages; 404 for others, and for those that the account does not report for."""
    unit = services().campaign.unit_by_code[g.account.unit_code]
    found = next((each for each in unit.villages if each.code == code), None)
    if found is None or g.account.village_code not in {None, code}:
        abort(404)
    return found


def _address(of: Village | None) -> str:
    return url_for("zero.village", code=of.code) if of else url_for("zero.index")


def _reach(of: Village | None) -> Reach:
    """Visited and known households; none at all if the campaign has no visits."""
    used = services()
    if not visit_forms(used.campaign):
        return Reach(0, 0)
    round_id = round_on(used.campaign, used.clock.today())
    with used.engine.connect() as connection:
        village = of.code if of else None
        return reach_of_township(connection, used.campaign, round_id, g.account.unit_code, village)


def _told(reach: Reach) -> str:
    """The confirmed counts; changed ones must be confirmed again."""
    return f"{reach.visited}/{reach.households}"


def _page(of: Village | None, in_the_way: Sequence[ZeroState], asked: Reach | None = None) -> str:
    """Render the page with refused and unconfirmed ticks, keeping all ticks as submitted."""
    used, unit_code = services(), g.account.unit_code
    unit = used.campaign.unit_by_code[unit_code]
    with used.engine.connect() as connection:
        if of:
            standings = village_zero_reports.standings(connection, used.campaign, unit_code, of.code)
        else:
            standings = zero_reports.standings(connection, used.campaign, unit_code)
        spoken = village_zero_reports.progress(connection, used.campaign, unit_code)
    shown = [standing.problem_type_id for standing in standings if standing.ticked]
    again = bool(in_the_way or asked)
    action = Action.ZERO_VILLAGE if of else Action.ZERO
    return render_template(
        "zero/index.html",
        village=of,
        action=_address(of) if of else url_for("zero.save"),
        villages=() if of else unit.villages,
        spoken=spoken,
        silent={
            each.code: sum(each.code in kind.silent for kind in spoken.values()) for each in unit.villages
        },
        village_names=village_names(services().campaign),
        standings=standings,
        shown=request.form.getlist("shown") if again else shown,
        ticked=request.form.getlist("ticked") if again else shown,
        asked=asked,
        confirmed=_told(asked) if asked else request.form.get("confirmed", "") if again else "",
        newly=len(set(request.form.getlist("ticked")) - set(request.form.getlist("shown"))),
        in_the_way={standing.problem_type_id for standing in in_the_way},
        may_tick=may_write(g.account, action, unit_code, of.code if of else None) and not _refusal(),
        refusal=_refusal(),
        late=late_remark(used.campaign, PhasedWork.ZERO_REPORT, used.clock.today()),
    )
