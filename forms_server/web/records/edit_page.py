"""Edit pages under optimistic locking; conflicts open a three-way merge."""

from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Stage
from checklist.problems import Problem
from forms_server.access import Action
from forms_server.desk import NotAllowed
from forms_server.editable_states import NotNow, may_edit
from forms_server.households.household_of_record import SeveralHouseholds
from forms_server.households.roster import Household
from forms_server.records import drafts, record_store
from forms_server.records.doubles import PossiblySame
from forms_server.records.extensions import DeadlineFixed
from forms_server.records.locked_findings import SourceReserved
from forms_server.records.record import EditConflict, Record
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.draft_pages import record_drafts, resumed
from forms_server.web.records.merge_page import Stored, chosen_input, merge_page, shown_fingerprints
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.picked_household import offer_members
from forms_server.web.records.record_words import record_title
from forms_server.web.records.requested_record import (
    BASE_VERSION,
    DIFFERENT,
    SEEN,
    base_version,
    blueprint,
    changed_by,
    chosen_household,
    context,
    desk,
    may,
    record_form,
    say_saved,
    stored,
)

LATER = frozenset(Stage) - {Stage.FOUND}
"""Stages possibly missing from a submitted edit page, if the record was reported rectified meanwhile."""


@blueprint.route("/<form_id>/<uuid:record_id>/edit", methods=["GET", "POST"])
def edit(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Show the edit form (GET), or save it (POST)."""
    form = record_form(form_id)
    with desk() as at:
        current = stored(at, form, record_id)
    if not may(Action.EDIT, current):
        raise NotAllowed("您的账号不能修改这一条。")
    if not may_edit(current.state):
        raise NotNow(current.state, "修改")
    fields = RecordFields(form, current.editable_stages, offer_of(form))
    if request.method == "POST":
        return _save(current, fields)
    return _open(current, fields)


def _open(current: Record, fields: RecordFields) -> str:
    """Render the initial page: the stored values, or a draft with its base version."""
    seen = shown_fingerprints(fields, current.values)
    draft = resumed(drafts.EDIT, current.id)
    if draft is None:
        fields.show(current.values)
        return _page(current, fields, str(current.version), seen)
    fields.process(data=draft.typed)
    base = draft.typed.get(BASE_VERSION, str(current.version))
    return _page(current, fields, base, draft.typed.get(SEEN, ""))


def _save(current: Record, fields: RecordFields) -> Response | tuple[str, int]:
    """Save the input; on errors or a version conflict show them beside the fields."""
    fields.process(chosen_input(), data=fields.texts(current.values, LATER))
    base, seen = base_version(), request.form.get(SEEN, "")
    values = checked_record(fields, context(), current.values)
    if values is None:
        return _page(current, fields, str(base), seen), 422
    kept = values | fields.untouched(current.values)
    try:
        with desk(writes=True, shares_commit=True) as at:
            fresh = stored(at, current.form, UUID(current.id))
            record = record_store.edit(
                at,
                fresh,
                base,
                kept,
                different=DIFFERENT in request.form,
                household_id=chosen_household(),
            )
            drafts.discard(at, drafts.EDIT, current.id)
    except SeveralHouseholds as error:
        return _page(current, fields, str(base), seen, households=error.households), 409
    except PossiblySame as error:
        return _page(current, fields, str(base), seen, others=error.others), 409
    except (NotAllowed, DeadlineFixed, SourceReserved) as error:
        fixed = None if isinstance(error, NotAllowed) else error.problem
        fields.refuse(fixed or Problem("", "not-allowed", str(error)))
        return _page(current, fields, str(base), seen), 422 if fixed else 403
    except EditConflict as error:
        return merge_page(_stored_now(error.current), fields, kept), 409
    say_saved("已保存修改。", fields)
    return redirect(url_for("records.show", form_id=record.form.id, record_id=record.id), 303)


def _stored_now(current: Record) -> Stored:
    return Stored(
        current.form,
        current.values,
        current.version,
        record_title(current, services().campaign),
        changed_by(current),
        current.changed_at,
        url_for("records.show", form_id=current.form.id, record_id=current.id),
        url_for("records.edit", form_id=current.form.id, record_id=current.id),
    )


def _page(
    current: Record,
    fields: RecordFields,
    base: str,
    seen: str,
    *,
    others: tuple[Record, ...] = (),
    households: tuple[Household, ...] = (),
) -> str:
    with desk() as at:
        offer_members(at, current.form, fields, current.household_id)
    return render_template(
        "records/edit.html",
        form=current.form,
        current=current,
        fields=fields,
        base=base,
        seen=seen,
        others=others,
        households=households,
        drafts=record_drafts.offered(drafts.EDIT, current.form, current.id),
    )
