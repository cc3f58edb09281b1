"""What a team found about no household: the form, and filing it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import uuid4

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage, Unit
from forms_server.inspection.findings import get_finding
from forms_server.inspection.general_findings import (
    GeneralFinding,
    file_general,
    general_form,
    unit_on_the_spot,
)
from forms_server.inspection.resent_content import SavedOtherwise
from forms_server.records.doubles import PossiblySame
from forms_server.records.record import Record
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.inspection.spot_visit_page import form_id
from forms_server.web.photos.photo_pages import keep_on_the_spot
from forms_server.web.records.requested_record import DIFFERENT, SAME_AS, desk

FOUND = frozenset({Stage.FOUND})


@blueprint.get("/units/<unit_code>/findings/new")
def general_page(unit_code: str) -> str:
    """Show the empty form."""
    return blank_general(unit_code)


@blueprint.post("/units/<unit_code>/findings/new")
def find_general(unit_code: str) -> Response | tuple[str, int]:
    """File what was found."""
    unit, form, fields = _asked(unit_code)
    fields.process(request.form)
    values = fields.check(services().judge_context(unit))
    if values is None:
        return _page(unit, form, fields), 422
    found = GeneralFinding(
        form_id("finding-id"), values, request.form.get(SAME_AS) or None, DIFFERENT in request.form
    )
    try:
        with desk(writes=True) as at:
            finding_id = file_general(at, unit, found)
            _, record = get_finding(at, finding_id)
    except PossiblySame as error:
        return _page(unit, form, fields, error.others), 409
    except SavedOtherwise as error:  # a new id, so that what was sent can be filed as another problem
        return _page(unit, form, fields, fault=str(error), finding_id=str(uuid4())), 409
    keep_on_the_spot(record, finding_id)
    flash("已记入被督导单位的台账，等它认领。", "success")
    return redirect(url_for("inspection.finding", finding_id=finding_id), 303)


def blank_general(unit_code: str) -> str:
    """The empty form, for a field pack."""
    unit, form, fields = _asked(unit_code)
    fields.process()
    return _page(unit, form, fields)


def _asked(unit_code: str) -> tuple[Unit, RecordForm, RecordFields]:
    with desk() as at:
        unit = unit_on_the_spot(at, unit_code)
        form = general_form(at.campaign, unit)
        offer = Offer(at.campaign, replace(at.account, unit_code=unit.code, village_code=None))
    return unit, form, RecordFields(form, FOUND, offer)


def _page(
    unit: Unit,
    form: RecordForm,
    fields: RecordFields,
    others: Sequence[Record] = (),
    *,
    fault: str = "",
    finding_id: str = "",
) -> str:
    return render_template(
        "inspection/general_finding.html",
        unit=unit,
        form=form,
        fields=fields,
        others=others,
        fault=fault,
        finding_id=finding_id or request.form.get("finding-id") or uuid4(),
    )
