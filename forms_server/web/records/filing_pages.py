"""Filing pages: the empty form, validation, and storage of a new record."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Area, Item, RecordForm, Stage
from checklist.model.inspection import PhasedWork
from checklist.problems import Problem
from forms_server.desk import NotAllowed
from forms_server.households.household_of_record import SeveralHouseholds
from forms_server.households.roster import Household
from forms_server.phase_rights import late_remark
from forms_server.records import drafts, record_store
from forms_server.records.doubles import PossiblySame
from forms_server.records.filing_warnings import filing_warnings
from forms_server.records.locked_findings import SourceReserved
from forms_server.records.record import EditConflict, Filing
from forms_server.visits.visit_progress import has_roster
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.field_uploads import filed_photos, keep_filed
from forms_server.web.photos.photo_pages import keep_found
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.draft_pages import record_drafts, resumed
from forms_server.web.records.found_in_register import asked_row, known_of_row, link_asked_row
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.picked_household import household_in_address, kept_choice, offer_members
from forms_server.web.records.requested_record import (
    DIFFERENT,
    HOUSEHOLD,
    RECORD_ID,
    SAME_AS,
    blueprint,
    chosen_household,
    desk,
    offer,
    record_form,
    say_saved,
    stored,
)

FOUND = frozenset({Stage.FOUND})


@blueprint.route("/<form_id>/new", methods=["GET", "POST"])
def new(form_id: str) -> Response | str | tuple[str, int]:
    """Ask for a new record.

    ``?item=`` names the look-for item that it was found at, ``?household=`` a household of the roster.
    """
    form = record_form(form_id)
    fields = RecordFields(form, FOUND, offer_of(form))
    if request.method == "POST":
        return _file(form, fields)
    draft = resumed(drafts.NEW, None)
    if draft:
        fields.process(data=draft.typed)
        return _page(form, fields, draft.record_id, household_id=draft.typed.get(HOUSEHOLD, ""))
    with desk() as at:
        household = household_in_address(at)
    fields.process(data=_known(form, fields, household))
    return _page(form, fields, str(uuid4()), household_id=household.id if household else "")


def blank_filing(form: RecordForm) -> str:
    """The empty form, for a field pack: without drafts."""
    fields = RecordFields(form, FOUND, offer_of(form))
    fields.process(data=offer().known(form, None))
    return _render(form, fields, str(uuid4()))


def household_texts(form: RecordForm, household: Household) -> dict[str, str]:
    """What the form's fields say for a household, by field id."""
    return RecordFields(form, FOUND, offer()).texts(household.known(form))


def _known(form: RecordForm, fields: RecordFields, household: Household | None) -> dict[str, str]:
    """Return initial values, from the account, the item and the household."""
    known = offer().known(form, _item())
    if row := asked_row():
        return known | fields.texts(known_of_row(form, row))
    return known | (fields.texts(household.known(form)) if household else {})


def _file(form: RecordForm, fields: RecordFields) -> Response | tuple[str, int]:
    """Store the input, or render it again with its errors."""
    record_id, used = _typed_id(), services()
    fields.process(request.form)
    values = checked_record(fields, used.judge_context(used.campaign.unit_by_code[g.account.unit_code]), {})
    uploads, unkept = filed_photos(form) if values is not None else ((), ())
    fields.refuse_all(unkept)
    if values is None or unkept:
        return _page(form, fields, record_id), 422
    item = _item()
    filing = Filing(
        record_id,
        form,
        g.account.unit_code,
        values,
        item[1].id if item else None,
        different=DIFFERENT in request.form,
        same_as=_same_as(),
        household_id=chosen_household(),
    )
    try:
        with desk(writes=True, shares_commit=True) as at:
            record = record_store.create(at, filing)
            drafts.discard(at, drafts.NEW, record_id)
            link_asked_row(at, record)
            warnings = filing_warnings(at, [record])
    except SeveralHouseholds as error:
        return _page(form, fields, record_id, households=error.households), 409
    except PossiblySame as error:
        return _page(form, fields, record_id, others=error.others), 409
    except (NotAllowed, SourceReserved) as error:
        wrong = error.problem if isinstance(error, SourceReserved) else None
        fields.refuse(wrong or Problem("", "not-allowed", str(error)))
        return _page(form, fields, record_id), 422 if wrong else 403
    except EditConflict as error:
        return _page(form, fields, str(uuid4()), current=error.current), 409
    if form.kind == "issue":
        keep_found(record)
        keep_filed(lambda at: stored(at, form, UUID(record.id)), uploads)
    if record.id == record_id:
        say_saved("已登记。", fields)  # the next page shows its serial number
    else:
        flash("已记为这一条的又一次发现，不重复计数。", "success")
    for sentence in warnings:
        flash(sentence, "warning")
    return redirect(url_for("records.show", form_id=form.id, record_id=record.id), 303)


def _page(form: RecordForm, fields: RecordFields, record_id: str, **shown: Any) -> str:
    """Render the form, with an id conflict, possible duplicates or namesake households, if any."""
    household_id = shown.get("household_id") or (
        (chosen_household() or "") if shown.get("others") else kept_choice()
    )
    with desk() as at:
        offer_members(at, form, fields, household_id)
    return _render(
        form,
        fields,
        record_id,
        **shown | {"household_id": household_id},
        drafts=record_drafts.offered(drafts.NEW, form, None),
        has_roster=_may_choose(form),
    )


_NOTHING_SAID: Mapping[str, Any] = {
    "current": None, "others": (), "households": (), "household_id": "", "drafts": [], "has_roster": False,
}  # fmt: skip
"""What a form shows besides its fields: a record of its id, possible duplicates, namesakes, a picked household."""


def _render(form: RecordForm, fields: RecordFields, record_id: str, **more: Any) -> str:
    return render_template(
        "records/new.html",
        **{**_NOTHING_SAID, **more},
        form=form,
        fields=fields,
        record_id=record_id,
        item=_item(),
        late=_late(form),
    )


def _late(form: RecordForm) -> str:
    """That the phase for it is over, of issues."""
    used = services()
    found = form.kind == "issue"
    return late_remark(used.campaign, PhasedWork.REGISTER, used.clock.today()) if found else ""


def _may_choose(form: RecordForm) -> bool:
    """Whether the form has a household that can be picked from a roster."""
    if not any(field.id == "householder" for field in form.fields):
        return False
    with desk() as at:
        return has_roster(at.connection, at.campaign, g.account)


def _item() -> tuple[Area, Item] | None:
    """Return the look-for item of the query string; None if missing or unknown."""
    return services().campaign.item_by_id.get(request.args.get("item", ""))


def _typed_id() -> str:
    """Parse the client-generated record id; 400 if invalid."""
    try:
        return str(UUID(request.form[RECORD_ID]))
    except ValueError:
        abort(400)


def _same_as() -> str | None:
    """Id of the record of which this is a further finding; 400 if invalid."""
    typed = request.form.get(SAME_AS)
    try:
        return str(UUID(typed)) if typed else None
    except ValueError:
        abort(400)
