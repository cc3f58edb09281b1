"""How texts of workbooks are read, as people answered: the unit's own, and the office's for all units."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.access import Action, may_write
from forms_server.desk import Desk, NotAllowed
from forms_server.imports.remembered_readings import COUNTY, adopt, forget, may_change, readings
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("readings", __name__, url_prefix="/readings")

_SHOWN = 500
"""Readings of a table on the page."""

_CHANGES: dict[str, tuple[Callable[[Desk, str, str], None], str]] = {
    "forget": (forget, "已删除，下次导入时再问。"),
    "adopt": (adopt, "已定为全县的读法，各单位都照此读。"),
}


@blueprint.get("/")
def index() -> str:
    """Show what is remembered."""
    units = services().campaign.unit_by_code
    with desk() as at:
        found = [
            (
                each,
                may_change(at, each.unit_code),
                units[each.unit_code].name if each.unit_code in units else "",
            )
            for each in readings(at)
        ]
    return render_template(
        "imports/readings.html",
        shown=_SHOWN,
        county=[each for each in found if each[0].unit_code == COUNTY],
        own=[each for each in found if each[0].unit_code != COUNTY],
        of_office=may_write(g.account, Action.ADOPT, COUNTY),
    )


@blueprint.post("/")
def change() -> Response:
    """Forget a reading, or let all units read so."""
    act, told = _CHANGES.get(request.form.get("change", ""), (None, ""))
    if act is None:
        abort(404)
    try:
        with desk(writes=True) as at:
            act(at, request.form.get("unit", ""), request.form.get("key", ""))
    except NotAllowed:
        abort(403)
    flash(told, "success")
    return redirect(url_for("readings.index"), 303)
