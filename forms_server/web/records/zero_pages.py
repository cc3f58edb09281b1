"""Zero reports: one page with every problem type, what was found so far, and a tick for 经排查无问题."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.access import Action, may_write
from forms_server.db.engine import transaction
from forms_server.desk import Desk, NotAllowed
from forms_server.records import zero_reports
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
    try:
        with transaction(used.engine) as connection:
            zero_reports.save(
                Desk(connection, used.campaign, g.account, used.clock.now()),
                g.account.unit_code,
                shown,
                ticked,
            )
    except NotAllowed:
        abort(403)
    except zero_reports.FoundSome as error:
        return _page(error.standings), 422
    flash("已保存零报告。", "success")
    return redirect(url_for("zero.index"), 303)


def _page(in_the_way: tuple[zero_reports.ZeroState, ...]) -> str:
    """The page; with what was ticked and can't be, and all other ticks as the person set them."""
    used = services()
    with used.engine.connect() as connection:
        standings = zero_reports.standings(connection, used.campaign, g.account.unit_code)
    shown = [standing.problem_type_id for standing in standings if standing.ticked]
    again = bool(in_the_way)
    return render_template(
        "zero/index.html",
        standings=standings,
        shown=request.form.getlist("shown") if again else shown,
        ticked=request.form.getlist("ticked") if again else shown,
        in_the_way={standing.problem_type_id for standing in in_the_way},
        may_tick=may_write(g.account, Action.ZERO, g.account.unit_code),
    )
