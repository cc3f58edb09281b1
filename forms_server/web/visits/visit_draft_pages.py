"""Autosave of a visit's sheet, restored when it is reopened."""

from uuid import UUID

from flask import jsonify, redirect, url_for
from werkzeug.wrappers import Response

from checklist.date_formats import clock_time
from forms_server.desk import NotAllowed
from forms_server.records import drafts
from forms_server.visits.visit_sheet import differs_from
from forms_server.web.records.draft_pages import sent_texts
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.requested_visit import blueprint, may_visit, stored


@blueprint.post("/visit/<uuid:visit_id>/draft")
def save_draft(visit_id: UUID) -> Response:
    """Save the draft sent by the page's script as a JSON object of names and texts."""
    typed = sent_texts()
    with desk(writes=True, shares_commit=True) as at:
        visit = stored(at, visit_id)
        if not may_visit(visit.unit_code, visit.village_code):
            raise NotAllowed("您的账号不能填写这次排查。")
        if differs_from(typed, visit):
            drafts.save(at, drafts.VISIT, visit.form, visit.id, typed)
        else:  # arrived after the sheet was saved or discarded
            drafts.discard(at, drafts.VISIT, visit.id)
    return jsonify(saved=clock_time(at.now))


@blueprint.post("/visit/<uuid:visit_id>/draft/discard")
def discard_draft(visit_id: UUID) -> Response:
    """Delete the draft and show the stored sheet."""
    with desk(writes=True, shares_commit=True) as at:
        drafts.discard(at, drafts.VISIT, stored(at, visit_id).id)
    return redirect(url_for("visits.fill", visit_id=visit_id), 303)
