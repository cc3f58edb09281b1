"""Photographs of an issue: several at once, seen by those who see the issue, removed by those who edit it."""

from uuid import UUID

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from checklist.model import RecordForm
from forms_server.desk import NotAllowed
from forms_server.editable_states import NotNow
from forms_server.photos import field_photos, photo_store
from forms_server.photos.photo_limits import MOST_A_SIDE
from forms_server.photos.photo_reencoding import UnusablePhoto
from forms_server.photos.photo_store import OF_UNITS, SIDE_NAMES, Full, Photo, Side, digest_of
from forms_server.records.record import Record
from forms_server.web.photos.field_uploads import FIELD, keep_of_field, sweep
from forms_server.web.photos.left_photos import leave_photos
from forms_server.web.photos.photo_words import photo_words
from forms_server.web.photos.picture_files import (
    FILES,
    NONE_REFUSED,
    RefusedPhotos,
    decoded,
    picture_files,
    picture_response,
    sent_photos,
    short_name,
)
from forms_server.web.records import record_page
from forms_server.web.records.requested_record import blueprint, desk, record_form, stored

blueprint.context_processor(photo_words)


@blueprint.post("/<form_id>/<uuid:record_id>/photos")
def add_photos(form_id: str, record_id: UUID) -> Response | tuple[str, int]:
    """Store uploaded photographs of a side or of a field; refused ones are listed with reasons."""
    form = _with_photos(form_id)
    if FIELD in request.form:
        refused = keep_of_field(form, lambda at: stored(at, form, record_id))
        return _after(form, record_id, refused)
    side = request.form.get("side", "")
    if side not in set(OF_UNITS):
        abort(400)
    with desk() as at:
        current = stored(at, form, record_id)
    refused = keep_photos(current, Side(side))
    return _after(form, record_id, refused)


def _after(form: RecordForm, record_id: UUID, refused: RefusedPhotos) -> Response | tuple[str, int]:
    if refused:
        return record_page.page(form, record_id, refused.sentences), refused.status
    return _back(form, record_id)


@blueprint.get("/<form_id>/<uuid:record_id>/photos/<uuid:photo_id>")
def photo(form_id: str, record_id: UUID, photo_id: UUID) -> Response:
    """One photograph; ``?size=small`` for lists."""
    with desk() as at:
        record = stored(at, record_form(form_id), record_id)
        found = photo_store.get(at.connection, record.id, str(photo_id))
    return picture_response(found)


@blueprint.post("/<form_id>/<uuid:record_id>/photos/<uuid:photo_id>/remove")
def remove_photo(form_id: str, record_id: UUID, photo_id: UUID) -> Response:
    """Remove a photograph, and its files once no other issue has the same one."""
    form = _with_photos(form_id)
    with desk(writes=True) as at:
        record = stored(at, form, record_id)
        name = photo_store.remove(at, record, str(photo_id)) or field_photos.remove(at, record, str(photo_id))
    sweep(name)
    return _back(form, record_id)


def keep_photos(record: Record, side: Side, name: str = FILES, spot_id: str | None = None) -> RefusedPhotos:
    """Store photographs sent with a form, in the field of that name; returns refused ones with reasons.

    ``spot_id``: as for ``photo_store.add``.

    Raises:
        NotAllowed, NotNow: where nothing can be added to this record.
    """
    sent = sent_photos(name)
    if not sent:
        return NONE_REFUSED
    with desk() as at:
        photo_store.require_open(at, record, side)
    problems: dict[int, str] = {}
    too_large = False
    kept = 0
    for place, file in enumerate(sent):
        try:
            _keep(record, side, file.read(), spot_id)
            kept += 1
        except UnusablePhoto as error:
            problems[place] = f"“{short_name(file)}”{error}。"
            too_large = too_large or error.code == "too-large"
        except Full:
            problems[place] = (
                f"“{short_name(file)}”：{SIDE_NAMES[side]}的照片最多 {MOST_A_SIDE} 张，要换请先删除。"
            )
    if kept:
        flash(f"已保存{SIDE_NAMES[side]}照片 {kept} 张。", "success")
    return RefusedPhotos(tuple(problems.values()), 413 if too_large else 422, tuple(problems))


def keep_on_the_spot(record: Record, spot_id: str, name: str = FILES) -> None:
    """Store a team's photographs of an issue; what is refused is told on the next page, for the rest is stored."""
    _tell_left(name, Side.SPOT, keep_photos(record, Side.SPOT, name, spot_id))


def small_picture(shown: Photo) -> bytes | None:
    """The picture as lists show it; None where its file is missing."""
    try:
        return picture_files().path(shown.name, small=True).read_bytes()
    except FileNotFoundError:
        return None


def keep_found(record: Record, name: str = FILES) -> None:
    """Store photographs of a new issue; what is refused is told on the next page, for the issue is stored."""
    try:
        refused = keep_photos(record, Side.BEFORE, name)
    except (NotAllowed, NotNow):  # it was joined to another unit's issue, or to one that is closed
        why = "照片没有保存：这一条不由您的单位修改。"
        flash(why, "warning")
        leave_photos(name, Side.BEFORE, range(len(sent_photos(name))), why)
        return
    _tell_left(
        name, Side.BEFORE, refused, url_for("records.add_photos", form_id=record.form.id, record_id=record.id)
    )


def _tell_left(name: str, side: Side, refused: RefusedPhotos, action: str = "") -> None:
    for sentence in refused.sentences:
        flash(f"照片{sentence}", "warning")
    if refused:
        leave_photos(name, side, refused.places, " ".join(refused.sentences), action)


def _keep(record: Record, side: Side, data: bytes, spot_id: str | None) -> None:
    """Decode before the transaction, which would hold the write lock."""
    digest = digest_of(data)
    with desk() as at:
        if photo_store.known(at.connection, record, side, digest):
            return
    upload = decoded(data)
    with desk(writes=True) as at:
        photo_store.add(at, stored(at, record.form, UUID(record.id)), side, upload, picture_files(), spot_id)


def _with_photos(form_id: str) -> RecordForm:
    """The form of that id, if its records are issues; 404 otherwise."""
    form = record_form(form_id)
    return form if form.kind == "issue" else abort(404)


def _back(form: RecordForm, record_id: UUID) -> Response:
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id, _anchor="photos"), 303)
