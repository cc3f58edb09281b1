"""Roster pages: import with a preview, and choosing a household for a form."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from build_scripts.intake.roster_columns import NUMBER, roster_form
from build_scripts.intake.roster_members import member_label
from build_scripts.intake.roster_plan import MEMBERS
from checklist.model import RecordForm, Unit
from checklist.questions import Answers
from checklist.values.judge import Context, display
from forms_server.access import Action, may_write
from forms_server.imports.remembered_readings import remembered_answers
from forms_server.imports.roster_import import RosterImport, RosterUpload, listing_unit
from forms_server.visits.visit_progress import by_village, total
from forms_server.visits.visit_rounds import round_on
from forms_server.web.current_services import services
from forms_server.web.imports.upload_pages import Page, UploadPages
from forms_server.web.records.requested_record import record_form
from forms_server.web.visits.household_choice import choice_page

blueprint = Blueprint("roster", __name__, url_prefix="/roster")

SHOWN_HOUSEHOLDS = 50


@blueprint.get("/")
def index() -> str:
    """Known households by village, and the upload form for the roster's keepers."""
    return _page()


@blueprint.post("/check")
def check() -> Page:
    """Read an uploaded list and show what would be done with it; nothing is stored."""
    _require_listing()
    return _PAGES.check()


@blueprint.post("/<token>/import")
def import_(token: str) -> Response | Page:
    """Import a list as it was shown: all of it, or nothing."""
    _require_listing()
    return _PAGES.confirm(token)


@blueprint.get("/choose/<form_id>")
def choose(form_id: str) -> str:
    """Look for a household by village and name, to fill in a form with it."""
    form, item = record_form(form_id), request.args.get("item", "")
    here = url_for("roster.choose", form_id=form.id)

    def form_with(household_id: str | None) -> str:
        return url_for("records.new", form_id=form.id, household=household_id, item=item or None)

    return choice_page(form, here, {"item": item}, form_with)


def _kind(given: Mapping[str, str]) -> RosterUpload:
    used = services()
    with used.engine.connect() as connection:
        answers = Answers(given, remembered_answers(connection, used.campaign, _unit().code))
    context = Context(used.campaign, _unit(), used.clock.today(), answers)
    return RosterUpload(context, g.account, used.clock)


def _preview(found: RosterImport) -> dict[str, Any]:
    campaign = services().campaign
    return {
        "villages": [
            (campaign.village_by_code[code].name, number)
            for code, number in found.by_village(campaign).items()
        ],
        "shown_households": SHOWN_HOUSEHOLDS,
        "form": roster_form(campaign),
        "labels": {NUMBER: campaign.roster.number_label, MEMBERS: member_label(campaign)},
        "shown_value": _shown,
    }


def _done(found: RosterImport) -> Response:
    plan, counter = found.plan, services().campaign.counter
    flash(
        f"已导入：新增 {len(plan.new)} {counter}，变更 {len(plan.changed)} {counter}，"
        f"停用 {len(plan.gone)} {counter}。",
        "success",
    )
    return redirect(url_for("roster.index"), 303)


def _page(refusal: str = "") -> str:
    campaign = services().campaign
    form = campaign.household_form
    with services().engine.connect() as connection:
        round_id = round_on(campaign, services().clock.today())
        lines = by_village(connection, campaign, g.account, round_id, form) if form else []
    return render_template(
        "roster/index.html",
        refusal=refusal,
        may_list=_may_list(),
        whole_county=_unit() is campaign.units.office,
        labels=[form.field(name).label for name in ("village", "householder")]
        if roster_form(campaign) and form
        else [],
        lines=[line for line in lines if line.households],
        whole=total(lines),
        names={village.code: village.name for village in campaign.village_by_code.values()},
        townships={code: unit.name for code, unit in campaign.township_of_village.items()},
        form=form,
    )


def _may_list() -> bool:
    campaign, unit = services().campaign, _unit()
    return (
        roster_form(campaign) is not None
        and listing_unit(campaign, unit)
        and may_write(g.account, Action.LIST, unit.code)
    )


def _require_listing() -> None:
    if not _may_list():
        abort(403)


def _unit() -> Unit:
    return services().campaign.unit_by_code[g.account.unit_code]


def _shown(form: RecordForm, name: str, value: object) -> str:
    if name == MEMBERS:
        return str(value)
    if value is None or not any(field.id == name for field in form.fields):
        return ""
    return display(form.field(name), value, services().campaign)  # type: ignore[arg-type]


_PAGES = UploadPages("名册", "roster/preview.html", _kind, _page, _preview, _done)
