"""Starting a visit: at a household of the roster, or of a typed one."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID, uuid4

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage
from checklist.problems import Problem
from checklist.visit_forms import asked_once, missing_once
from forms_server.desk import Desk, NotAllowed
from forms_server.households import roster
from forms_server.households.roster import Household
from forms_server.visits import visit_store
from forms_server.visits.visit import Start, Visit, VisitConflict
from forms_server.visits.visit_progress import has_roster
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.requested_record import BASE_VERSION, base_version, context, desk, offer
from forms_server.web.visits.requested_visit import VISIT_ID, blueprint, may_visit, stored, visit_form

FOUND = frozenset({Stage.FOUND})

BEGUN_ON = "begun-on"
"""Name of a hidden input of what was begun from a field pack: the day of the visit."""

OLDEST_SHEET = 30
"""Days that a sheet may wait in a phone and keep its day."""


@blueprint.post("/visits/<form_id>/households/<uuid:household_id>")
def begin(form_id: str, household_id: UUID) -> Response:
    """Start a visit of a roster household, or resume its open one."""
    form = visit_form(form_id)
    visit_id = _sent_id()
    with desk(writes=True) as at:
        visit = begin_at(at, form, visit_id, str(household_id))
    return redirect(url_for("visits.fill", visit_id=visit.id), 303)


def begin_at(
    at: Desk, form: RecordForm, visit_id: str, household_id: str, made_on: date | None = None
) -> Visit:
    """Start a visit of a roster household, or resume the one that is there; ``made_on`` as in ``Start``."""
    household = roster.get(at, household_id)
    return visit_store.begin(at, Start(visit_id, form, known_of(form, household), household.id, made_on))


def known_of(form: RecordForm, household: Household) -> dict[str, Any]:
    """Values of a visit that are known before it: the household's, and who goes there."""
    return {**household.known(asked_once(form)), "found_by": g.account.display_name or None}


@blueprint.route("/visits/<form_id>/new", methods=["GET", "POST"])
def new(form_id: str) -> Response | str | tuple[str, int]:
    """Show the start form (GET), or start the visit (POST)."""
    form = visit_form(form_id)
    if request.method == "GET":
        return blank_head(form, str(uuid4()))
    fields = _head(form)
    fields.process(request.form)
    values, visit_id = checked_record(fields, context(), {}), _sent_id()
    if values is None:
        return _page(form, fields, visit_id), 422
    try:
        with desk(writes=True) as at:
            visit = visit_store.begin(at, Start(visit_id, form, values, made_on=made_on(at.now.date())))
    except NotAllowed as error:
        fields.refuse(Problem("", "not-allowed", str(error)))
        return _page(form, fields, visit_id), 403
    return redirect(url_for("visits.fill", visit_id=visit.id), 303)


@blueprint.route("/visit/<uuid:visit_id>/head", methods=["GET", "POST"])
def correct(visit_id: UUID) -> Response | str | tuple[str, int]:
    """Edit a visit's own fields."""
    with desk() as at:
        current = stored(at, visit_id)
    if not may_visit(current.unit_code, current.village_code):
        raise NotAllowed("您的账号不能修改这次排查。")
    fields = _head(current.form)
    if request.method == "GET":
        fields.show(current.values)
        return _page(current.form, fields, current.id, current, base=current.version)
    fields.process(request.form)
    values, base = checked_record(fields, context(), current.values), base_version()
    if values is None:
        return _page(current.form, fields, current.id, current, base=base), 422
    try:
        with desk(writes=True) as at:
            visit_store.correct(at, stored(at, visit_id), base, values)
    except NotAllowed as error:
        fields.refuse(Problem("", "not-allowed", str(error)))
        return _page(current.form, fields, current.id, current, base=base), 403
    except VisitConflict as error:
        return _page(
            current.form, fields, current.id, error.current, base=error.current.version, late=True
        ), 409
    return redirect(url_for("visits.fill", visit_id=visit_id), 303)


def made_on(today: date) -> date | None:
    """The day on which a visit was begun without network, by the phone's clock; today where that cannot be."""
    if BEGUN_ON not in request.form:
        return None
    try:
        day = date.fromisoformat(request.form[BEGUN_ON])
    except ValueError:
        return today
    return day if today - timedelta(days=OLDEST_SHEET) <= day <= today else today


def blank_head(form: RecordForm, visit_id: str) -> str:
    """The page that begins a visit, with what is known of the account."""
    fields = _head(form)
    fields.process(data=offer().known(asked_once(form)))
    return _page(form, fields, visit_id)


def _head(form: RecordForm) -> RecordFields:
    asked = asked_once(form)
    return RecordFields(asked, FOUND, offer_of(asked))


def _page(
    form: RecordForm,
    fields: RecordFields,
    visit_id: str,
    current: Visit | None = None,
    *,
    base: int = 0,
    late: bool = False,
) -> str:
    with desk() as at:
        listed = form.subject == "household" and has_roster(at.connection, at.campaign, g.account)
    return render_template(
        "visits/head.html",
        form=form,
        fields=fields,
        visit_id=visit_id,
        current=current,
        has_roster=listed,
        missing=missing_once(form, current.values) if current else (),
        base=base,
        late=late,
        base_name=BASE_VERSION,
        id_name=VISIT_ID,
    )


def _sent_id() -> str:
    """The client-generated id; 400 if malformed."""
    try:
        return str(UUID(request.form[VISIT_ID]))
    except ValueError:
        abort(400)
