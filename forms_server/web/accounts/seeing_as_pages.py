"""看作: begin and end to look on as another account; the gate holds every other request to reading."""

from flask import abort, flash, g, redirect, url_for
from werkzeug.wrappers import Response

from forms_server.accounts import seeing_as
from forms_server.accounts.seeing_as import NotToBeSeen
from forms_server.db.engine import transaction
from forms_server.web.accounts.account_pages import blueprint
from forms_server.web.current_services import services


@blueprint.post("/<account_id>/see-as")
def see_as(account_id: str) -> Response:
    """Look on as another account."""
    used = services()
    with transaction(used.engine) as connection:
        try:
            seeing_as.see_as(connection, used.clock.now(), g.account, g.session, account_id)
        except NotToBeSeen:
            abort(404)
    return redirect(url_for("home.index"), 303)


@blueprint.post("/end-seeing")
def end_seeing() -> Response:
    """Be oneself again."""
    used = services()
    with transaction(used.engine) as connection:
        seeing_as.end_seeing(connection, used.clock.now(), g.account, g.session)
    flash("已结束看作，现在是您自己的账号。", "success")
    return redirect(url_for("home.index"), 303)
