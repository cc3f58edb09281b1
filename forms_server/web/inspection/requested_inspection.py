"""Shared helpers of the pages of supervision on the spot."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from forms_server.desk import NotAllowed
from forms_server.inspection.teams import Refused
from forms_server.web.records.requested_record import words
from forms_server.web.safe_redirects import safe_next

blueprint = Blueprint("inspection", __name__, url_prefix="/inspection")
blueprint.context_processor(words)


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer a write without permission."""
    return render_template("error.html", title="无权操作", text=str(error), reference=""), 403


@blueprint.errorhandler(Refused)
def refused(error: Refused) -> Response:
    """Say why it is not possible, on the page that it was asked on."""
    flash(str(error), "danger")
    back = request.form.get("back", "")
    return redirect(safe_next(back, url_for("inspection.plan")), 303)


def seed_typed() -> str:
    """The seed of the form, without the blanks that come with copying."""
    return "".join(request.form.get("seed", "").split())
