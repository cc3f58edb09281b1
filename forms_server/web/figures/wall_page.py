"""大屏: large figures and drawings without names, behind a secret address; the page fetches itself anew."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from checklist.visit_forms import visit_forms
from forms_server.figures import county_figures, wall_address
from forms_server.figures.desk_charts import percent
from forms_server.figures.unit_figures import unit_figures
from forms_server.returns.return_standing import Timeliness, standings
from forms_server.visits.visit_progress import reach
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.figures.desk_drawings import DeskFacts, drawings
from forms_server.web.records.requested_record import desk

REFRESH_SECONDS = 60

blueprint = Blueprint("wall", __name__, url_prefix="/wall")


@blueprint.get("/")
def index() -> str:
    """Say what the wall shows, and make or end its address."""
    return _page()


@blueprint.post("/")
def renew() -> str:
    """Make a new address, which is shown once."""
    with desk(writes=True) as at:
        token = wall_address.renew(at)
    path = url_for("wall.display", token=token)
    return _page((services().config.address or request.url_root.rstrip("/")) + path)


@blueprint.post("/end")
def end() -> AnyResponse:
    """End the address."""
    with desk(writes=True) as at:
        wall_address.end(at)
    flash("大屏已停用，原来的地址不能再用。", "success")
    return redirect(url_for("wall.index"), 303)


def _page(address: str = "") -> str:
    with desk() as at:
        since = wall_address.since(at)
    return render_template("wall.html", since=since, address=address, seconds=REFRESH_SECONDS)


@blueprint.get("/show/<token>")
def display(token: str) -> Response:
    """Show the figures of this moment; authenticated by the secret in its address, as a wall has no session."""
    used = services()
    now, campaign = used.clock.now(), used.campaign
    with used.engine.connect() as connection:
        if not wall_address.is_wall(connection, campaign.id, token):
            abort(404)
        figures = unit_figures(connection, campaign, campaign.filing_units)
        county = county_figures.county(connection, campaign, campaign.filing_units, now.date())
        days = county_figures.days(connection, campaign, campaign.filing_units)
        come = standings(connection, campaign, now)
        visits = (
            reach(connection, campaign, round_on(campaign, now.date())) if visit_forms(campaign) else None
        )
    page = render_template(
        "wall_display.html",
        total=county.total,
        percent=percent,
        drawings=drawings(DeskFacts(campaign, figures, county, days, now)),
        started=sum(each.answered > 0 for each in figures),
        units=len(figures),
        come=sum(each.last is not None for each in come),
        late=sum(each.timeliness is Timeliness.MISSING for each in come),
        expected=len(come),
        visits=visits,
        seconds=REFRESH_SECONDS,
    )
    return make_response(page)
