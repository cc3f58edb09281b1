"""The office's page of possible duplicates: merge, mark as different, or undo a merge."""

from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.reconciliation.open_doubles import unasked, undecided
from forms_server.desk import Desk
from forms_server.records import double_decisions
from forms_server.records.double_decisions import NotAPair
from forms_server.records.joined_findings import ReopenFirst
from forms_server.records.live_record_source import live_records
from forms_server.records.record import EditConflict
from forms_server.web.records.requested_record import desk, words

blueprint = Blueprint("doubles", __name__, url_prefix="/doubles")
blueprint.context_processor(words)

MOST_SHOWN = 60
"""Maximum number of pairs on a page; open ones come first."""

_DECISIONS: dict[str, tuple[Callable[[Desk, str, str], None], str]] = {
    "same": (double_decisions.join_records, "已并为一条，只计一次。"),
    "different": (double_decisions.tell_records_apart, "已记为不是同一个，以后不再问。"),
    "part": (double_decisions.part_records, "已拆开，两条各自计数。"),
}


@blueprint.get("/")
def index() -> str:
    """Show open, likely and merged pairs."""
    with desk() as at:
        records = live_records(at.connection)
        waiting = [each.records for each in undecided(records, at.campaign)]
        likely = [each.records for each in unasked(records, at.campaign)]
        ids = [(first, second) for first, second in [*waiting, *likely][:MOST_SHOWN]]
        return render_template(
            "records/doubles.html",
            pairs=double_decisions.pairs(at, ids),
            total=len(waiting) + len(likely),
            waiting=len(waiting),
            joined=double_decisions.joined(at),
        )


@blueprint.post("/")
def decide() -> Response:
    """Decide a pair; concurrent decisions flash a warning."""
    decide_pair, told = _DECISIONS.get(request.form.get("decision", ""), (None, ""))
    try:
        first, second = (str(UUID(request.form.get(name, ""))) for name in ("first", "second"))
    except ValueError:
        abort(404)
    if decide_pair is None:
        abort(404)
    try:
        with desk(writes=True) as at:
            decide_pair(at, first, second)
        flash(told, "success")
    except ReopenFirst as error:
        flash(str(error), "danger")
    except (NotAPair, EditConflict):
        flash("这一对刚才有人处理过了，请看现在的情况。", "warning")
    return redirect(url_for("doubles.index"), 303)
