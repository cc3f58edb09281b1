"""Result page of a visit."""

from uuid import UUID

from flask import render_template

from checklist.register_periods import period_words
from checklist.visit_forms import asked_once
from forms_server.desk import Desk
from forms_server.visits.sheet_counts import FilledArea, filled_areas
from forms_server.visits.visit import Answer, Visit
from forms_server.visits.visit_listing import ListedVisit, of_household
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.requested_visit import blueprint, issues_of, may_visit, stored, with_names


@blueprint.get("/visit/<uuid:visit_id>")
def show(visit_id: UUID) -> str:
    """Show a visit's place, its findings, and what remains to be done."""
    with desk() as at:
        visit = stored(at, visit_id)
        issues = issues_of(at, visit)
        filled = shown_fills(at, visit)
        others = _other_rounds(at, visit)
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
        filled=filled,
        others=others,
        may_fill=may_visit(visit.unit_code, visit.village_code),
    )


def _other_rounds(at: Desk, visit: Visit) -> list[tuple[str, ListedVisit]]:
    """The household's visits in other rounds, with the words of each."""
    if visit.household_id is None:
        return []
    seen = of_household(at, visit.form, visit.household_id)
    return [(period_words(each.round), each) for each in seen if each.round and each.round != visit.round]


def shown_fills(at: Desk, visit: Visit) -> list[tuple[FilledArea, str]]:
    """What was answered at once, and by whom."""
    return with_names(at, filled_areas(visit.groups, visit.answers))
