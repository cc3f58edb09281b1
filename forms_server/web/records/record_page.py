"""Detail page of a record."""

from collections.abc import Sequence
from uuid import UUID

from flask import g, render_template, request

from checklist.model import RecordForm
from forms_server.access import Action, allowed, may_write
from forms_server.db.record_columns import TABLES
from forms_server.editable_states import may_edit
from forms_server.households.roster import is_listed
from forms_server.inspection.alike_issues import of_issue
from forms_server.move import Move, RequestStep
from forms_server.photos.field_photos import field_photos
from forms_server.photos.photo_store import photos
from forms_server.records import serial_number
from forms_server.records.doubles import findings_of, joined_with
from forms_server.records.extension_requests import is_offered, requests_of
from forms_server.records.extensions import extensions_of
from forms_server.records.finding_claims import standing_findings
from forms_server.records.record import Record
from forms_server.records.record_history import history
from forms_server.records.transfers import is_refusable, transfers_of
from forms_server.state_moves import REOPEN, VERIFY, moves_from
from forms_server.visits.visit_store import visit_of
from forms_server.web.current_services import services
from forms_server.web.photos.field_uploads import FIELD, missing_photos
from forms_server.web.read_names import note_read
from forms_server.web.records.found_in_register import address_of_row
from forms_server.web.records.opened_notes import note_look
from forms_server.web.records.requested_record import blueprint, desk, may, record_form, stored


@blueprint.get("/<form_id>/<uuid:record_id>")
def show(form_id: str, record_id: UUID) -> str:
    """Show a record with its history and available moves."""
    return page(record_form(form_id), record_id)


def page(form: RecordForm, record_id: UUID, photo_problems: Sequence[str] = ()) -> str:
    """Render the page, with errors of uploaded photographs."""
    with desk() as at:
        record = stored(at, form, record_id)
        number = serial_number.serial(at.connection, at.campaign, record)
        entries = history(at.connection, record)
        pictures = photos(at.connection, record)
        pictured = field_photos(at.connection, record) if form.photo_fields else {}
        visit_id = visit_of(at, record.id)
        found_again = findings_of(at, record)
        joined_into = joined_with(at, record)
        inspected = of_issue(at, record) if form.kind == "issue" else None
        standing = standing_findings(at.connection, [record.id]).get(record.id, [])
        waiting = next((each for each in standing if not each.is_claimed), None)
        moved = extensions_of(at.connection, record)
        requests = requests_of(at.connection, record)
        handed = transfers_of(at.connection, record)
        from_row = address_of_row(at, record)
        listed = is_listed(at.connection, record.household_id)
    if record.state in VERIFY.sources and may(VERIFY.action, record):
        note_look(record)
    if record.values.get("householder"):
        note_read(TABLES[form.kind].name, [(record.id, record.unit_code)])
    return render_template(
        "records/show.html",
        form=form,
        record=record,
        number=number,
        entries=entries,
        may_judge=allowed(g.account.role, "inbox.index", "GET"),
        pictures=pictures,
        visit_id=visit_id,
        found_again=found_again,
        joined_into=joined_into,
        inspected=inspected,
        waiting=waiting if may_edit(record.state) else None,
        from_row=from_row,
        unlisted=listed is False,
        photo_problems=photo_problems,
        pictured_fields=pictured,
        missing_photos=missing_photos(form, record.values),
        photo_field=request.form.get(FIELD, ""),
        item=services().campaign.item_by_id.get(record.item_id or ""),
        may_file=may_write(g.account, Action.FILE, g.account.unit_code, g.account.village_code),
        may_look=record.state in REOPEN.sources
        and allowed(g.account.role, "inspection.check_page", "GET")
        and may(Action.FIND, record),
        can_edit=may_edit(record.state) and may(Action.EDIT, record),
        extensions=moved,
        requests=requests,
        transfers=handed,
        moves=[
            move
            for move in moves_from(record.state, form.kind)
            if allowed(g.account.role, move.endpoint, "GET")
            and may(move.action, record)
            and is_offered(move, record)
            and is_refusable(move, record)
            and not (move.action is Action.RESTORE and joined_into)
            and not _may_at_once(move, record)
            and not (waiting and (move.reports or move.closes))
            and not (standing and move.action is Action.WITHDRAW)
        ],
    )


def _may_at_once(move: Move, record: Record) -> bool:
    """Whether the account need not ask for what it approves itself."""
    return move.request is RequestStep.OPEN and may(Action.EXTEND, record)
