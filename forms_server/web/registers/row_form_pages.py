"""The form of a row: a new one, and the edit page under optimistic locking."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

from flask import abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import Register
from checklist.problems import Problem
from forms_server.db.tables import register_row
from forms_server.desk import NotAllowed
from forms_server.households.household_of_record import SeveralHouseholds
from forms_server.records import drafts
from forms_server.records.record_history import history_of
from forms_server.registers import row_store
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_content import RowFiling
from forms_server.registers.row_references import ReferenceRefused, RowNamed
from forms_server.registers.row_scope import keeps_rows, may_write_row
from forms_server.registers.row_store import RowConflict, RowExists
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.field_uploads import filed_photos, keep_filed
from forms_server.web.records.draft_pages import resumed
from forms_server.web.records.merge_page import Stored, chosen_input, merge_page, shown_fingerprints
from forms_server.web.records.picked_household import household_in_address, kept_choice, offer_members
from forms_server.web.records.requested_record import (
    BASE_VERSION,
    HOUSEHOLD,
    RECORD_ID,
    SEEN,
    base_version,
    desk,
    offer,
    say_saved,
)
from forms_server.web.registers.household_picker import known_texts, picks_household, posted_subject
from forms_server.web.registers.register_drafts import row_drafts
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_period,
    asked_register,
    blueprint,
    offered_periods,
    row_address,
    row_fields,
    row_title,
    stored_row,
)
from forms_server.web.registers.ruled_fields import checked_values

RENAMES = "renames"
"""Name of the box that lets rows follow which name the edited one."""


@blueprint.route("/<register_id>/new", methods=["GET", "POST"])
def new(register_id: str) -> Response | str | tuple[str, int]:
    """Ask for a new row (GET), or store it (POST)."""
    register = asked_register(register_id)
    if not keeps_rows(services().campaign, g.account, register):
        raise NotAllowed("这本台账不由您的单位填。")
    fields = row_fields(register)
    if request.method == "POST":
        return _store(register, fields)
    draft = resumed(drafts.NEW, None)
    with desk() as at:
        household = None if draft else household_in_address(at)
    known = offer().known(register) | (known_texts(register, household) if household else {})
    fields.process(data=draft.typed if draft else known)
    period = draft.typed.get(PERIOD, "") if draft else request.args.get(PERIOD, "")
    chosen = draft.typed.get(HOUSEHOLD, "") if draft else household.id if household else ""
    return _new_page(
        register, fields, draft.record_id if draft else str(uuid4()), period, household_id=chosen
    )


def _store(register: Register, fields: RecordFields) -> Response | tuple[str, int]:
    """Store the input, or render it again with what is wrong."""
    row_id, period = _typed_id(), asked_period(register, request.form.get(PERIOD, ""))
    fields.process(request.form)
    values = checked_values(register, fields, period)
    uploads, wrong = filed_photos(register) if values is not None else ((), ())
    fields.refuse_all(wrong)
    if values is None or wrong:
        return _new_page(register, fields, row_id, period), 422
    filing = RowFiling(row_id, register, period, g.account.unit_code, values, posted_subject())
    try:
        with desk(writes=True) as at:
            row = row_store.create(at, filing)
            drafts.discard(at, drafts.NEW, row_id)
    except ReferenceRefused as error:
        fields.refuse_all(error.problems)
        return _new_page(register, fields, row_id, period), 422
    except (SeveralHouseholds, RowExists, RowConflict) as error:
        return _not_new(error, register, fields, (row_id, period)), 409
    keep_filed(lambda at: stored_row(at, register, UUID(row.id)), uploads)
    say_saved("已登记。", fields)
    if register.survey:  # no address names a paper that was just written down
        return redirect(url_for("registers.new", register_id=register.id), 303)
    return redirect(row_address(row), 303)


def _not_new(error: Exception, register: Register, fields: RecordFields, place: tuple[str, str]) -> str:
    """The page of a new row again, with what is asked, or what is there already."""
    row_id, period = place
    match error:
        case SeveralHouseholds():
            return _new_page(register, fields, row_id, period, households=error.households)
        case RowConflict():
            return _new_page(register, fields, str(uuid4()), period, current=error.current)
    return _new_page(register, fields, row_id, period, exists=error)


NOTHING_WRONG: Mapping[str, Any] = {
    "exists": None, "current": None, "households": (), "named": (), "conflict": False,
}  # fmt: skip
"""What a form shows besides its fields: a row that is there already, what somebody else stored, namesakes, rows that
name the edited one, an edit that came in between."""


def _new_page(register: Register, fields: RecordFields, row_id: str, period: str, **shown: Any) -> str:
    chosen = asked_period(register, period)
    household_id = shown.get("household_id") or kept_choice()
    with desk() as at:
        periods = offered_periods(at, register, chosen)
        offer_members(at, register, fields, household_id)
        picks = picks_household(at, register)
    page = {
        "form": register,
        "fields": fields,
        "row_id": row_id,
        "period": chosen,
        "periods": periods,
        "picks": picks,
        "drafts": row_drafts.offered(drafts.NEW, register, None),
    }
    return render_template(
        "registers/new.html", **{**NOTHING_WRONG, **page, **shown, "household_id": household_id}
    )


@blueprint.route("/<register_id>/<uuid:row_id>/edit", methods=["GET", "POST"])
def edit(register_id: str, row_id: UUID) -> Response | str | tuple[str, int]:
    """Show the edit form (GET), or save it (POST)."""
    register = asked_register(register_id)
    with desk() as at:
        current = stored_row(at, register, row_id)
    if not may_write_row(services().campaign, g.account, current):
        raise NotAllowed("这一行不由您的账号填。")
    fields = row_fields(register)
    if request.method == "POST":
        return _save(current, fields)
    seen = shown_fingerprints(fields, current.values)
    draft = resumed(drafts.EDIT, current.id)
    if draft is None:
        fields.show(current.values)
        return _edit_page(current, fields, current.version, seen)
    fields.process(data=draft.typed)
    base = draft.typed.get(BASE_VERSION, "")
    version = int(base) if base.isdigit() else current.version
    return _edit_page(current, fields, version, draft.typed.get(SEEN, ""))


def _save(current: RegisterRow, fields: RecordFields) -> Response | tuple[str, int]:
    """Save the input; what is wrong, or what somebody else stored meanwhile, is shown beside it."""
    fields.process(chosen_input(), data=fields.texts(current.values))
    base = base_version()
    values = checked_values(current.register, fields, current.period, current)
    if values is None:
        return _edit_page(current, fields, base), 422
    whole = values | fields.untouched(current.values)
    try:
        with desk(writes=True) as at:
            fresh = stored_row(at, current.register, UUID(current.id))
            row = row_store.edit(at, fresh, base, whole, posted_subject(), renames=RENAMES in request.form)
            drafts.discard(at, drafts.EDIT, current.id)
    except RowConflict as error:
        return merge_page(_stored_now(error.current), fields, whole), 409
    except (ReferenceRefused, RowNamed, RowExists, SeveralHouseholds, NotAllowed) as error:
        return _not_saved(error, current, fields, base)
    say_saved("已保存修改。", fields)
    return redirect(row_address(row), 303)


def _stored_now(current: RegisterRow) -> Stored:
    with desk() as at:
        entries = history_of(at.connection, register_row.name, current.id)
    return Stored(
        current.register,
        current.values,
        current.version,
        row_title(current),
        entries[-1].by,
        current.changed_at,
        row_address(current),
        _edit_address(current),
    )


def _not_saved(error: Exception, current: RegisterRow, fields: RecordFields, base: int) -> tuple[str, int]:
    """The edit page again, with what was typed and why it was not saved."""
    match error:
        case RowNamed():
            return _edit_page(current, fields, base, named=error.by), 409
        case RowExists():
            return _edit_page(current, fields, base, exists=error), 409
        case SeveralHouseholds():
            return _edit_page(current, fields, base, households=error.households), 409
        case ReferenceRefused():
            fields.refuse_all(error.problems)
            return _edit_page(current, fields, base), 422
    fields.refuse(Problem("", "not-allowed", str(error)))
    return _edit_page(current, fields, base), 403


def _edit_page(
    current: RegisterRow, fields: RecordFields, base: int, seen: str | None = None, **shown: Any
) -> str:
    with desk() as at:
        offer_members(at, current.register, fields, current.household_id)
    page = {
        "form": current.register,
        "current": current,
        "fields": fields,
        "base": base,
        "renames": RENAMES,
        "seen": request.form.get(SEEN, "") if seen is None else seen,
        "address": _edit_address(current),
        "packed": False,
        "drafts": row_drafts.offered(drafts.EDIT, current.register, current.id),
    }
    return render_template("registers/edit.html", **{**NOTHING_WRONG, **page, **shown})


def _edit_address(row: RegisterRow) -> str:
    return url_for("registers.edit", register_id=row.register.id, row_id=row.id)


def _typed_id() -> str:
    """Parse the client-generated id; 400 if invalid."""
    try:
        return str(UUID(request.form[RECORD_ID]))
    except ValueError:
        abort(400)
