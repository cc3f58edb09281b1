"""Move pages: one view and route per row of the table of moves."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from flask import flash, g, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage
from checklist.values.responsible_units import unit_reader
from forms_server.accounts.unit_filer import without_account
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import State
from forms_server.move import Move, TransferStep
from forms_server.move_fields import HANDED_TO, TURNING_BACK
from forms_server.photos.photo_store import Photo, Side, photos
from forms_server.records import drafts
from forms_server.records.doubles import findings_of
from forms_server.records.extension_requests import RequestNews, requests_of, require_request
from forms_server.records.extensions import NotMoved
from forms_server.records.finding_claims import require_claimed
from forms_server.records.move_making import make_move
from forms_server.records.record import EditConflict, Record
from forms_server.records.record_rights import refusal
from forms_server.records.record_rows import is_in_sight, is_seen
from forms_server.records.rectification_day import TooEarly
from forms_server.records.transfers import NotHandedOver, TransferNews, has_turned_back, transfers_of
from forms_server.state_moves import MOVES
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.photo_pages import keep_photos
from forms_server.web.photos.picture_files import NONE_REFUSED, RefusedPhotos
from forms_server.web.records.checked_record import checked_record
from forms_server.web.records.draft_pages import record_drafts, resumed
from forms_server.web.records.offered_rows import offer_of
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import (
    base_version,
    blueprint,
    changed_by,
    context,
    desk,
    may,
    record_form,
    say_saved,
    stored,
)


@blueprint.record
def _add_routes(state: BlueprintSetupState) -> None:
    """One route per move, so that the matrix of rights distinguishes them."""
    for move in MOVES.values():
        address = f"/<form_id>/<uuid:record_id>/{move.slug}"
        state.add_url_rule(address, move.id, partial(make, move), methods=["GET", "POST"])


def make(move: Move, form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Show the move's form (GET), or make the move (POST)."""
    form = record_form(form_id)
    asked = form.model_copy(update={"fields": move.fields(form)})
    fields = RecordFields(asked, frozenset(Stage), offer_of(asked))
    if _is_turned_back(move, form, record_id, fields):
        say_saved(move.told(), fields)
        return redirect(url_for("records.index", form_id=form.id), 303)
    current = _ready(move, form, record_id)
    if request.method == "GET":
        return _open(move, current, fields)
    fields.process(request.form)
    values = checked_record(fields, context(), current.values)
    # Keep uploaded files despite other errors: browsers do not resend files.
    refused = keep_photos(current, Side.AFTER) if move.photos else NONE_REFUSED
    if values is None or refused:
        return _page(move, current, fields, refused=refused), refused.status if refused else 422
    try:
        with desk(writes=True, shares_commit=True) as at:
            after = make_move(at, move, stored(at, form, record_id), base_version(), values)
            drafts.discard(at, move.id, current.id)
            seen = is_seen(at, after)
            untold = _untold(at, values) if move.transfer else ()
    except (TooEarly, NotMoved, NotHandedOver) as error:
        fields.refuse(error.problem)
        return _page(move, current, fields), 422
    except EditConflict as error:
        return _page(move, error.current, fields, conflict=True), 409
    say_saved(move.told(), fields)
    if untold:
        names = "、".join(unit_name(services().campaign, code) for code in untold)
        flash(f"{names}还没有能登录的账号，收不到提醒：请电话告诉，并请办公室建账号。", "warning")
    page = url_for("records.show", form_id=form.id, record_id=record_id)
    return redirect(page if seen else url_for("records.index", form_id=form.id), 303)


def _untold(at: Desk, values: Mapping[str, Any]) -> list[str]:
    """Units that an issue goes to and that nobody can sign in for."""
    named = unit_reader(at.campaign).read(values.get(HANDED_TO.id))
    return without_account(at.connection, named.codes)


def _is_turned_back(move: Move, form: RecordForm, record_id: UUID, fields: RecordFields) -> bool:
    """Whether this is the resend of a refusal, after which the account's unit sees the record no longer."""
    if request.method == "GET" or move.transfer is not TransferStep.TURN_BACK:
        return False
    fields.process(request.form)
    values = fields.check(context())
    with desk() as at:
        resent = values is not None and has_turned_back(at, str(record_id), str(values[TURNING_BACK.id]))
        return resent and not is_in_sight(at, form, str(record_id))


def _ready(move: Move, form: RecordForm, record_id: UUID) -> Record:
    """Record for the move, after the checks of permission and state.

    A resend finds the move made already: ``make_move`` tells whether it is the same one.
    """
    with desk() as at:
        current = stored(at, form, record_id)
    if not may(move.action, current):
        raise NotAllowed(refusal(g.account, move.action, services().campaign, current))
    if request.method == "GET":
        move.after(current.state)
        require_request(move, current)
        with desk() as at:
            require_claimed(at, move, current)
    return current


def blank_move(move: Move, current: Record) -> str:
    """The page of a move for a field pack: without draft and photographs."""
    asked = current.form.model_copy(update={"fields": move.fields(current.form)})
    fields = RecordFields(asked, frozenset(Stage), offer_of(asked))
    fields.show({**move.known(current.form, current.values), **move.usual(services().clock.today())})
    return _page(move, current, fields, packed=True)


def _open(move: Move, current: Record, fields: RecordFields) -> str:
    """Render the initial form, prefilled with known values or a draft."""
    draft = resumed(move.id, current.id)
    if draft:
        fields.process(data=draft.typed)
    else:
        fields.show({**move.known(current.form, current.values), **move.usual(services().clock.today())})
    return _page(move, current, fields)


def _page(
    move: Move,
    current: Record,
    fields: RecordFields,
    *,
    conflict: bool = False,
    refused: RefusedPhotos = NONE_REFUSED,
    packed: bool = False,
) -> str:
    return render_template(
        "records/move.html",
        move=move,
        form=current.form,
        current=current,
        fields=fields,
        drafts=[] if packed else record_drafts.offered(move.id, current.form, current.id),
        after=_photos_after(current) if move.photos and not packed else [],
        requests=_requests(current) if move.of_deadline else [],
        transfers=_transfers(current) if move.transfer else [],
        found_by_others=_found_by_others(current) if move.target is State.WITHDRAWN and not packed else [],
        photo_problems=refused.sentences,
        conflict=conflict,
        changed_by=changed_by(current) if conflict else "",
    )


def _requests(record: Record) -> Sequence[RequestNews]:
    """The requests for another deadline."""
    with desk() as at:
        return requests_of(at.connection, record)


def _found_by_others(record: Record) -> Sequence[str]:
    """Names of other units that recorded the same, and were joined to this record."""
    with desk() as at:
        codes = dict.fromkeys(str(row["unit_code"]) for row in findings_of(at, record))
        return [unit_name(at.campaign, code) for code in codes if code != record.unit_code]


def _transfers(record: Record) -> Sequence[TransferNews]:
    """What was transferred before."""
    with desk() as at:
        return transfers_of(at.connection, record)


def _photos_after(record: Record) -> list[Photo]:
    """The photographs of the rectification."""
    with desk() as at:
        return [photo for photo in photos(at.connection, record) if photo.side is Side.AFTER]
