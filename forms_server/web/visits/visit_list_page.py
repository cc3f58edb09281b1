"""Visit lists: households of the roster, unfinished and finished visits."""

from uuid import uuid4

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Village
from checklist.reading.personal_numbers import masked
from checklist.register_periods import period_words
from checklist.visit_forms import visit_forms
from forms_server.access import FILERS
from forms_server.scope import in_township
from forms_server.visits import household_search, visit_listing
from forms_server.visits.household_search import Sought
from forms_server.visits.visit import Progress
from forms_server.visits.visit_progress import has_roster
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import desk, offer
from forms_server.web.visits.requested_visit import blueprint, may_visit, visit_form

LONGEST = 30
"""Maximal length of a searched name."""


@blueprint.get("/visits/")
def index() -> Response | str:
    """Redirect to the campaign's first visit form; for county units, the first on their own work."""
    campaign = services().campaign
    forms = visit_forms(campaign)
    if not forms:
        return redirect(url_for("home.index"), 303)
    if g.account.role in FILERS and not in_township(campaign, g.account):
        forms = tuple(sorted(forms, key=lambda form: form.subject == "household"))
    return redirect(url_for("visits.list_", form_id=forms[0].id), 303)


@blueprint.get("/visits/<form_id>/")
def list_(form_id: str) -> str:
    """List households to visit, or visits of a unit's own work."""
    form, sought = visit_form(form_id), sought_in_address()
    with desk() as at:
        listed = form.subject == "household" and has_roster(at.connection, at.campaign, g.account)
        found, number = household_search.search(at, form, sought) if listed else ((), 0)
        too_wide = listed and household_search.is_too_wide(at, sought)
        unfinished = visit_listing.lines(at, form, Progress.OPEN, sought.village_code)
        round_id = round_on(at.campaign, at.now.date())
        finished = visit_listing.lines(at, form, Progress.FINISHED, sought.village_code, round_id)
    note_read("household", [(each.household.id, each.household.township_code) for each in found])
    return render_template(
        "visits/list.html",
        form=form,
        has_roster=listed,
        sought=sought,
        found=[(each, str(uuid4())) for each in found],
        number=number,
        too_wide=too_wide,
        villages=villages(),
        unfinished=unfinished,
        finished=finished,
        round_words=period_words(round_id or ""),
        may_begin=g.account.role in FILERS and may_visit(g.account.unit_code, g.account.village_code),
    )


def sought_in_address() -> Sought:
    """Search criteria of the query string."""
    village = request.args.get("village", "")
    known = services().campaign.village_by_code
    name = str(masked(" ".join(request.args.get("name", "")[:LONGEST].split())))
    return Sought(village if village in known else "", name, unvisited=request.args.get("left") == "1")


def villages() -> list[tuple[str, list[Village]]]:
    """Villages selectable by the account, by township."""
    campaign, account = services().campaign, g.account
    if account.village_code:
        return []
    if account.role in FILERS:
        codes = {choice.value for choice in offer().villages()}
    elif account.inspects:
        codes = {village.code for unit in campaign.units.townships if unit.code in account.inspects
                 for village in unit.villages}  # fmt: skip
    else:
        codes = set(campaign.village_by_code)
    groups = (
        (unit.name, [village for village in unit.villages if village.code in codes])
        for unit in campaign.units.townships
    )
    return [(name, chosen) for name, chosen in groups if chosen]
