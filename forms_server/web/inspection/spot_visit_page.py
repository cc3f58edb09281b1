"""A household on the spot: the sheet, and what was found on it, filed problem by problem."""

from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import datetime
from uuid import UUID, uuid4

from flask import abort, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.values.village_names import village_names
from checklist.visit_forms import problem_types_of
from forms_server.inspection import spot_visits
from forms_server.inspection.findings import NewFinding, file_finding, findings, get_finding
from forms_server.inspection.resent_content import SavedOtherwise
from forms_server.inspection.sheet_problems import finding_id_of, written_in
from forms_server.inspection.spot_visits import (
    LONGEST,
    Place,
    Seen,
    answers_of,
    place_of,
    problems_of,
    save_visit,
)
from forms_server.inspection.teams import Refused
from forms_server.records.doubles import PossiblySame
from forms_server.visits import visit_listing
from forms_server.visits.sheet_counts import filled_areas, of_areas, unfolded, whole_sheet
from forms_server.visits.visit import ANSWER_NAMES, Answer
from forms_server.visits.visit_sheet import ANSWER, answers_in, fill_up, filled_in
from forms_server.web.current_services import services
from forms_server.web.inspection.requested_inspection import blueprint
from forms_server.web.inspection.sheet_filing import file_all, pictured
from forms_server.web.photos.photo_pages import keep_on_the_spot
from forms_server.web.photos.picture_files import sent_photos
from forms_server.web.records.requested_record import desk
from forms_server.web.visits.requested_visit import with_names

REST = "rest."
"""Before an area's id: the button that ticks all that is left of it as fine."""


@blueprint.get("/households/<uuid:household_id>")
def visit_sheet(household_id: UUID) -> str:
    """Show the sheet, without anything that the unit has found."""
    return _sheet(household_id, {}, "")


@blueprint.post("/households/<uuid:household_id>")
def save_sheet(household_id: UUID) -> Response | str | tuple[str, int]:
    """Store the sheet."""
    visit_id = form_id("visit-id")
    with desk() as at:
        place = place_of(at, str(household_id))
    typed, button = request.form.to_dict(), request.form.get("do", "")
    if button.startswith(REST):
        area_id = button.removeprefix(REST)
        return _sheet(household_id, fill_up(typed, place.groups, Answer.FINE, area_id), "")
    answers = {item.id: typed.get(item.id + ANSWER, "") for item in place.items}
    filled = filled_in(typed, place.groups)
    seen = Seen(answers, begun_at(), typed.get("note", ""), typed.get("outside", ""), filled)
    try:
        written = written_in(place, typed, pictured(place))
        with desk(writes=True) as at:
            # Again under the lock: meanwhile another household may have been put in its place.
            save_visit(at, visit_id, place_of(at, str(household_id)), seen)
    except SavedOtherwise as error:  # a new id, so that what was sent can be saved as another sheet
        return _sheet(household_id, {**typed, "visit-id": ""}, str(error)), 409
    except Refused as error:
        return _sheet(household_id, dict(request.form), str(error)), 422
    if asked := file_all(place, visit_id, written):
        return asked, 409
    flash("这一户的表已保存。", "success")
    return redirect(url_for("inspection.seen", visit_id=visit_id), 303)


@blueprint.get("/visits/<uuid:visit_id>")
def seen(visit_id: UUID) -> str:
    """Show the problems of a sheet, each to be filed."""
    return _seen(visit_id)


@blueprint.post("/visits/<uuid:visit_id>/findings")
def find(visit_id: UUID) -> Response | tuple[str, int]:
    """File one problem."""
    form = request.form
    try:
        with desk(writes=True) as at:
            row = spot_visits.visit_of(at, str(visit_id))
            place = place_of(at, row["household_id"])
            if form.get("item") not in {item.id for _, item in problems_of(at.campaign, row)}:
                abort(404)
            if form.get("problem-type") not in at.campaign.problem_type_by_id:
                raise Refused("请选问题类型。")
            finding_id = form_id("finding-id")
            found = NewFinding(
                finding_id,
                form["item"],
                form["problem-type"],
                form.get("content", ""),
                str(visit_id),
                form.get("same-as") or None,
                "is-different" in form,
            )
            if sent_photos() and not found.content.strip():
                raise Refused("有照片，请写看到的问题。")
            file_finding(at, place, found)
            _, record = get_finding(at, finding_id)
    except PossiblySame as error:
        return _seen(visit_id, typed=dict(form), others=error.others), 409
    except SavedOtherwise as error:  # a new id, so that what was sent can be filed as another problem
        return _seen(visit_id, typed={**form, "finding-id": ""}, fault=str(error)), 409
    except Refused as error:
        return _seen(visit_id, typed=dict(form), fault=str(error)), 422
    keep_on_the_spot(record, str(visit_id))
    flash("已记入被督导单位的台账，等它认领。", "success")
    return redirect(url_for("inspection.seen", visit_id=visit_id), 303)


def _sheet(household_id: UUID, typed: dict[str, str], fault: str) -> str:
    with desk() as at:
        place = place_of(at, str(household_id))
    return sheet_of(place, typed, fault)


def sheet_of(place: Place, typed: Mapping[str, str], fault: str) -> str:
    """Render the sheet of a household."""
    campaign = services().campaign
    ticked = answers_in(typed, place.groups)
    left = {item.id for item in place.items if fault and item.id not in ticked}
    wrong = {item_id for item_id, said in ticked.items() if said is Answer.PROBLEM}
    return render_template(
        "inspection/visit_sheet.html",
        place=place,
        ticked=ticked,
        whole=whole_sheet(place.groups, ticked),
        of_areas=of_areas(place.groups, ticked),
        unfolded=unfolded(place.groups, ticked, left | (wrong if fault else set())),
        wrong=wrong,
        kinds={item.id: problem_types_of(area, item) for area, items in place.groups for item in items},
        all_kinds=campaign.problem_types,
        typed=typed,
        fault=fault,
        visit_id=typed.get("visit-id") or uuid4(),
        begun=typed.get("begun") or services().clock.now(),
        answer_names=ANSWER_NAMES,
        village=village_names(campaign).get(place.row["village_code"], ""),
        type_names=household_types(),
        longest=LONGEST,
    )


def _seen(visit_id: UUID, **more: object) -> str:
    campaign = services().campaign
    with desk() as at:
        row = spot_visits.visit_of(at, str(visit_id))
        place = place_of(at, row["household_id"])
        filed = [each for each in findings(at) if each["visit_id"] == str(visit_id)]
        filled = with_names(at, filled_areas(place.groups, answers_of(row)))
        form = campaign.household_form
        of_unit = visit_listing.of_household(at, form, row["household_id"]) if form else ()
    known = {each["id"] for each in filed}
    problems = [
        (item, list(problem_types_of(area, item)), _new_id(str(visit_id), item.id, known))
        for area, item in problems_of(campaign, row)
    ]
    return render_template(
        "inspection/seen.html",
        **{"typed": {}, "others": (), "fault": "", **more},
        row=row,
        place=place,
        problems=problems,
        firsts={item.id: finding_id_of(str(visit_id), item.id) for item, _, _ in problems},
        filed=filed,
        filled=filled,
        of_unit=of_unit,
        answer_names=ANSWER_NAMES,
        minutes=int((row["created_at"] - row["begun_at"]).total_seconds() // 60),
        village=village_names(campaign).get(row["village_code"], ""),
        longest=LONGEST,
    )


def _new_id(visit_id: str, item_id: str, known: Collection[str]) -> str:
    """Of an item's next finding: the first one has the id that it gets from the sheet itself."""
    first = finding_id_of(visit_id, item_id)
    return str(uuid4()) if first in known else first


def household_types() -> dict[str, str]:
    """Choices of the household's type, by id."""
    form = services().campaign.household_form
    fields = [field for field in form.fields if field.id == "household_type"] if form else []
    return {choice.id: choice.label for field in fields for choice in field.choices}


def form_id(name: str) -> str:
    """An id that the page made; 404 for anything else."""
    try:
        return str(UUID(request.form.get(name, "")))
    except ValueError:
        abort(404)


def begun_at() -> datetime:
    """When the page was opened."""
    with suppress(ValueError):
        said = datetime.fromisoformat(request.form.get("begun", ""))
        if said.tzinfo is None:
            return said
    return services().clock.now()
