"""Result page of a visit."""

from uuid import UUID

from flask import render_template

from checklist.visit_forms import asked_once
from forms_server.visits.visit import Answer
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.requested_visit import blueprint, issues_of, may_visit, stored


@blueprint.get("/visit/<uuid:visit_id>")
def show(visit_id: UUID) -> str:
    """Show a visit's place, its findings, and what remains to be done."""
    with desk() as at:
        visit = stored(at, visit_id)
        issues = issues_of(at, visit)
    if visit.form.subject == "household":
        note_read("visit", [(visit.id, visit.unit_code)])
    return render_template(
        "visits/show.html",
        visit=visit,
        form=visit.form,
        head=asked_once(visit.form),
        issues=issues,
        found=[(area, item) for area, items in visit.groups for item in items if item.id in issues],
        counts={answer: sum(said.answer is answer for said in visit.answers.values()) for answer in Answer},
        may_fill=may_visit(visit.unit_code, visit.village_code),
    )
