"""Keep and forget a ledger's filter."""

from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm
from forms_server.records import saved_filters
from forms_server.records.ledger_filters import Sorting, parameters_of, read_filters
from forms_server.records.saved_filters import FilterRefused
from forms_server.web.current_services import services
from forms_server.web.records.requested_record import blueprint, desk, record_form


@blueprint.post("/<form_id>/filters")
def keep_filter(form_id: str) -> Response:
    """Keep the filter of the ledger's page under a name."""
    form = record_form(form_id)
    query = _known(form, request.form.get("query", ""))
    try:
        filter_id = str(UUID(request.form.get("filter-id", "")))
    except ValueError:
        abort(400)
    try:
        with desk(writes=True) as at:
            saved_filters.keep(at, filter_id, form.id, request.form.get("name", ""), query)
        flash("这组条件已保存，在“筛选”里点名字就能用。", "success")
    except FilterRefused as refused:
        flash(str(refused), "danger")
    return redirect(_ledger(form, query), 303)


@blueprint.post("/<form_id>/filters/<uuid:filter_id>/forget")
def forget_filter(form_id: str, filter_id: UUID) -> Response:
    """Delete a filter of one's own."""
    form = record_form(form_id)
    with desk(writes=True) as at:
        saved_filters.forget(at, form.id, str(filter_id))
    flash("已删去这组条件。", "success")
    return redirect(_ledger(form, ""), 303)


def _known(form: RecordForm, query: str) -> str:
    """The query with the parameters that the ledger knows; without words, which may be names, and without a place."""
    typed = dict(parse_qsl(query[: saved_filters.LONGEST_QUERY]))
    typed.pop("words", None)
    asked = {**parameters_of(read_filters(typed, services().campaign, form))}
    if typed.get("sort") == Sorting.DUE:
        asked["sort"] = Sorting.DUE.value
    return urlencode(asked)


def _ledger(form: RecordForm, query: str) -> str:
    address = url_for("records.index", form_id=form.id)
    return f"{address}?{query}" if query else address
