"""Pages that make a move: reporting an issue rectified, verifying it or sending it back, withdrawing a record."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm, Stage
from checklist.values.judge import Value
from forms_server.access import Action
from forms_server.desk import NotAllowed
from forms_server.lifecycle import MOVE_NAMES, Move, NotNow, moves_from
from forms_server.photos.photo_store import Photo, Side, photos
from forms_server.records import drafts, moves
from forms_server.records.asked_of_moves import RECTIFIED_ON, SENDING_BACK, WITHDRAWAL
from forms_server.records.drafts import DraftPage
from forms_server.records.record import EditConflict, Record
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.photo_pages import NONE_REFUSED, RefusedPhotos, keep_photos
from forms_server.web.records.draft_pages import offered, resumed
from forms_server.web.records.requested_record import (
    base_version,
    blueprint,
    changed_by,
    context,
    desk,
    may,
    offer,
    record_form,
    say_saved,
    stored,
)


@blueprint.route("/<form_id>/<uuid:record_id>/report", methods=["GET", "POST"])
def report(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Ask how and when an issue was rectified."""
    form = record_form(form_id)
    current = _ready(form, record_id, Move.REPORT)
    asked = tuple(field for field in form.fields if field.stage is Stage.RECTIFIED)
    fields = RecordFields(
        form.model_copy(update={"fields": (*asked, RECTIFIED_ON)}), frozenset(Stage), offer()
    )
    today = services().clock.today()
    if request.method == "GET":
        return _open(current, fields, Move.REPORT, {**current.values, RECTIFIED_ON.id: today})
    fields.process(request.form)
    values = fields.check(context())
    # Whatever else is wrong, what was sent is kept: a browser does not send files again by itself.
    refused = keep_photos(current, Side.AFTER)
    if values is None or refused:
        return _page(current, fields, Move.REPORT, refused=refused), refused.status if refused else 422
    day = values.pop(RECTIFIED_ON.id)
    assert isinstance(day, date)
    try:
        with desk(writes=True) as at:
            moves.report(at, stored(at, form, record_id), base_version(), values, day)
            drafts.discard(at, DraftPage.REPORT, current.id)
    except moves.TooEarly as error:
        fields.refuse(error.problem(RECTIFIED_ON))
        return _page(current, fields, Move.REPORT), 422
    except EditConflict as error:
        return _page(error.current, fields, Move.REPORT, conflict=True), 409
    say_saved("已报告整改完成，等待销号。", fields)
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id), 303)


@blueprint.route("/<form_id>/<uuid:record_id>/withdraw", methods=["GET", "POST"])
def withdraw(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Ask why a record is withdrawn."""
    form = record_form(form_id)
    current = _ready(form, record_id, Move.WITHDRAW)
    fields = RecordFields(form.model_copy(update={"fields": (WITHDRAWAL,)}), frozenset(Stage), offer())
    if request.method == "GET":
        return _open(current, fields, Move.WITHDRAW, {})
    fields.process(request.form)
    values = fields.check(context())
    if values is None:
        return _page(current, fields, Move.WITHDRAW), 422
    try:
        with desk(writes=True) as at:
            moves.withdraw(at, stored(at, form, record_id), base_version(), str(values[WITHDRAWAL.id]))
            drafts.discard(at, DraftPage.WITHDRAW, current.id)
    except EditConflict as error:
        return _page(error.current, fields, Move.WITHDRAW, conflict=True), 409
    say_saved("已撤销：保留备查，不再计入汇总。", fields)
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id), 303)


@blueprint.route("/<form_id>/<uuid:record_id>/verify", methods=["GET", "POST"])
def verify(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Close a rectified issue."""
    form = record_form(form_id)
    current = _ready(form, record_id, Move.VERIFY)
    fields = RecordFields(form.model_copy(update={"fields": ()}), frozenset(Stage), offer())
    if request.method == "GET":
        return _page(current, fields, Move.VERIFY)
    try:
        with desk(writes=True) as at:
            moves.verify(at, stored(at, form, record_id), base_version())
    except EditConflict as error:
        return _page(error.current, fields, Move.VERIFY, conflict=True), 409
    say_saved("已销号。", fields)
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id), 303)


@blueprint.route("/<form_id>/<uuid:record_id>/send-back", methods=["GET", "POST"])
def send_back(form_id: str, record_id: UUID) -> Response | str | tuple[str, int]:
    """Ask why a rectified issue is sent back."""
    form = record_form(form_id)
    current = _ready(form, record_id, Move.SEND_BACK)
    fields = RecordFields(form.model_copy(update={"fields": (SENDING_BACK,)}), frozenset(Stage), offer())
    if request.method == "GET":
        return _open(current, fields, Move.SEND_BACK, {})
    fields.process(request.form)
    values = fields.check(context())
    if values is None:
        return _page(current, fields, Move.SEND_BACK), 422
    try:
        with desk(writes=True) as at:
            moves.send_back(at, stored(at, form, record_id), base_version(), str(values[SENDING_BACK.id]))
            drafts.discard(at, DraftPage.SEND_BACK, current.id)
    except EditConflict as error:
        return _page(error.current, fields, Move.SEND_BACK, conflict=True), 409
    say_saved("已退回，填报单位会看到理由。", fields)
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id), 303)


def _ready(form: RecordForm, record_id: UUID, name: Move) -> Record:
    """The record, if the account may make the move; whether its state allows it is told before anything is asked.

    A resend finds the move made already: the record's own functions tell whether it is the same one.
    """
    with desk() as at:
        current = stored(at, form, record_id)
    if not may(Action(name), current):
        raise NotAllowed(f"您的账号不能对这一条{MOVE_NAMES[name]}。")
    if request.method == "GET" and name not in moves_from(current.state):
        raise NotNow(current.state, MOVE_NAMES[name])
    return current


def _open(current: Record, fields: RecordFields, name: Move, values: Mapping[str, Value]) -> str:
    """The page as it is opened: with what is known already, or with a draft."""
    draft = resumed(DraftPage(name.value), current.id)
    fields.process(data=draft.typed if draft else fields.texts(values))
    return _page(current, fields, name)


def _page(
    current: Record,
    fields: RecordFields,
    name: Move,
    *,
    conflict: bool = False,
    refused: RefusedPhotos = NONE_REFUSED,
) -> str:
    return render_template(
        f"records/{name.value}.html",
        form=current.form,
        current=current,
        fields=fields,
        page=name.value,
        drafts=offered(DraftPage(name.value), current.form, current.id),
        after=_photos_after(current),
        photo_problems=refused.sentences,
        conflict=conflict,
        changed_by=changed_by(current) if conflict else "",
    )


def _photos_after(record: Record) -> list[Photo]:
    """The photographs that show what was done."""
    with desk() as at:
        return [photo for photo in photos(at.connection, record) if photo.side is Side.AFTER]
