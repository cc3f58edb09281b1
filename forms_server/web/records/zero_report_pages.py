"""Zero reports: one page with every problem type, what was found so far, and a tick for 经排查无问题."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.visit_forms import visit_forms
from forms_server.access import Action, may_write
from forms_server.db.engine import transaction
from forms_server.desk import Desk, NotAllowed
from forms_server.records import zero_reports
from forms_server.visits.visit_progress import Reach, reach_of_township
from forms_server.web.current_services import services

blueprint = Blueprint("zero", __name__, url_prefix="/zero")


@blueprint.get("/")
def index() -> str:
    """Show the unit's status for every problem type."""
    return _page(())


@blueprint.post("/")
def save() -> Response | tuple[str, int]:
    """Apply the ticks changed on the page."""
    used = services()
    shown, ticked = set(request.form.getlist("shown")), set(request.form.getlist("ticked"))
    reach = _reach()
    if ticked - shown and reach.left > 0 and request.form.get("confirmed") != _told(reach):
        return _page((), asked=reach), 422
    confirmed = {"households": reach.households, "visited": reach.visited} if reach.left > 0 else None
    try:
        with transaction(used.engine) as connection:
            zero_reports.save(
                Desk(connection, used.campaign, g.account, used.clock.now()),
                g.account.unit_code,
                shown,
                ticked,
                confirmed,
            )
    except NotAllowed:
        abort(403)
    except zero_reports.FoundSome as error:
        return _page(error.standings), 422
    flash("已保存零报告。", "success")
    return redirect(url_for("zero.index"), 303)


def _reach() -> Reach:
    """Visited and known households of the unit; none at all if the campaign has no visits."""
    used = services()
    if not visit_forms(used.campaign):
        return Reach(0, 0)
    with used.engine.connect() as connection:
        return reach_of_township(connection, used.campaign, g.account.unit_code)


def _told(reach: Reach) -> str:
    """The confirmed counts; changed ones must be confirmed again."""
    return f"{reach.visited}/{reach.households}"


def _page(in_the_way: tuple[zero_reports.ZeroState, ...], asked: Reach | None = None) -> str:
    """Render the page with refused and unconfirmed ticks, keeping all ticks as submitted."""
    used = services()
    with used.engine.connect() as connection:
        standings = zero_reports.standings(connection, used.campaign, g.account.unit_code)
    shown = [standing.problem_type_id for standing in standings if standing.ticked]
    again = bool(in_the_way or asked)
    return render_template(
        "zero/index.html",
        standings=standings,
        shown=request.form.getlist("shown") if again else shown,
        ticked=request.form.getlist("ticked") if again else shown,
        asked=asked,
        confirmed=_told(asked) if asked else request.form.get("confirmed", "") if again else "",
        newly=len(set(request.form.getlist("ticked")) - set(request.form.getlist("shown"))),
        in_the_way={standing.problem_type_id for standing in in_the_way},
        may_tick=may_write(g.account, Action.ZERO, g.account.unit_code),
    )
