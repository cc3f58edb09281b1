"""The office's page of records with an ambiguous householder (同名待定)."""

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from forms_server.desk import NotFound
from forms_server.households.household_of_record import SeveralHouseholds
from forms_server.records.household_choices import choose_household, unlinked_records
from forms_server.records.record import EditConflict
from forms_server.web.records.requested_record import base_version, chosen_household, desk, words

blueprint = Blueprint("namesakes", __name__, url_prefix="/namesakes")
blueprint.context_processor(words)

MOST_SHOWN = 40
"""Maximum number of records on the page."""


@blueprint.get("/")
def index() -> str:
    """Show the records, each with its candidate households."""
    with desk() as at:
        shown, total = unlinked_records(at, MOST_SHOWN)
    return render_template("records/namesakes.html", shown=shown, total=total)


@blueprint.post("/<uuid:record_id>")
def choose(record_id: UUID) -> Response:
    """Link a record to the chosen household."""
    chosen, version = chosen_household(), base_version()
    if chosen is None:
        abort(400)
    try:
        with desk(writes=True) as at:
            choose_household(at, str(record_id), version, chosen)
        flash("已记下。", "success")
    except NotFound:
        abort(404)
    except (EditConflict, SeveralHouseholds):
        flash("这一条刚才有人处理过了，请看现在的情况。", "warning")
    return redirect(url_for("namesakes.index"), 303)
