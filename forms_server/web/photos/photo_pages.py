"""Photographs of an issue: several at once, seen by those who see the issue, removed by those who edit it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, flash, g, make_response, redirect, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from checklist.model import RecordForm
from forms_server.desk import NotAllowed
from forms_server.editable_states import NotNow
from forms_server.photos import photo_store
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_limits import LIMITS, MOST_A_SIDE
from forms_server.photos.photo_reencoding import UnusablePhoto, make_picture
from forms_server.photos.photo_store import OF_UNITS, SIDE_NAMES, Full, Photo, Side, Upload, digest_of
from forms_server.records.record import Record
from forms_server.web.current_services import services
from forms_server.web.records import record_page
from forms_server.web.records.requested_record import blueprint, desk, record_form, stored

FILES = "photos"
"""Name of the input for files."""

POLICY = "default-src 'none'; sandbox"
"""A picture that is opened by itself is a page without rights."""


@dataclass(frozen=True)
class RefusedPhotos:
    """A sentence for each file that was not kept, and the status of the page that tells it; false where all were.

    ``places``: of those files among the field's, from 0.
    """

    sentences: tuple[str, ...]
    status: int
    places: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.sentences)


NONE_REFUSED = RefusedPhotos((), 200)


@blueprint.post("/<form_id>/<uuid:record_id>/photos")
def add_photos(form_id: str, record_id: UUID) -> Response | tuple[str, int]:
    """Store uploaded photographs; refused ones are listed with reasons."""
    form = _with_photos(form_id)
    side = request.form.get("side", "")
    if side not in set(OF_UNITS):
        abort(400)
    with desk() as at:
        current = stored(at, form, record_id)
    refused = keep_photos(current, Side(side))
    if refused:
        return record_page.page(form, record_id, refused.sentences), refused.status
    return _back(form, record_id)


@blueprint.get("/<form_id>/<uuid:record_id>/photos/<uuid:photo_id>")
def photo(form_id: str, record_id: UUID, photo_id: UUID) -> Response:
    """One photograph; ``?size=small`` for lists."""
    with desk() as at:
        record = stored(at, record_form(form_id), record_id)
        found = photo_store.get(at.connection, record, str(photo_id))
    small = request.args.get("size") == "small"
    try:
        data = _files().path(found.name, small=small).read_bytes()
    except FileNotFoundError:  # after a restore from a backup that could not read it, for one
        abort(404)
    response = make_response(data)
    response.mimetype = "image/jpeg"
    response.headers["Content-Disposition"] = f'inline; filename="{found.side.value}-{found.id[:8]}.jpg"'
    response.headers["Content-Security-Policy"] = POLICY
    return response


@blueprint.post("/<form_id>/<uuid:record_id>/photos/<uuid:photo_id>/remove")
def remove_photo(form_id: str, record_id: UUID, photo_id: UUID) -> Response:
    """Remove a photograph, and its files once no other issue has the same one."""
    form = _with_photos(form_id)
    with desk(writes=True) as at:
        name = photo_store.remove(at, stored(at, form, record_id), str(photo_id))
    if name:
        with desk(writes=True) as at:
            photo_store.sweep(at.connection, name, _files())
        flash("已删除照片。", "success")
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
            problems[place] = f"“{_short(file)}”{error}。"
            too_large = too_large or error.code == "too-large"
        except Full:
            problems[place] = (
                f"“{_short(file)}”：{SIDE_NAMES[side]}的照片最多 {MOST_A_SIDE} 张，要换请先删除。"
            )
    if kept:
        flash(f"已保存{SIDE_NAMES[side]}照片 {kept} 张。", "success")
    return RefusedPhotos(tuple(problems.values()), 413 if too_large else 422, tuple(problems))


def sent_photos(name: str = FILES) -> list[FileStorage]:
    """Files that came in the field of that name."""
    return [file for file in request.files.getlist(name) if file.filename]


def keep_on_the_spot(record: Record, spot_id: str, name: str = FILES) -> None:
    """Store a team's photographs of an issue; what is refused is told on the next page, for the rest is stored."""
    _tell_left(name, Side.SPOT, keep_photos(record, Side.SPOT, name, spot_id))


def small_picture(shown: Photo) -> bytes | None:
    """The picture as lists show it; None where its file is missing."""
    try:
        return _files().path(shown.name, small=True).read_bytes()
    except FileNotFoundError:
        return None


def keep_found(record: Record, name: str = FILES) -> None:
    """Store photographs of a new issue; what is refused is told on the next page, for the issue is stored."""
    try:
        refused = keep_photos(record, Side.BEFORE, name)
    except (NotAllowed, NotNow):  # it was joined to another unit's issue, or to one that is closed
        why = "照片没有保存：这一条不由您的单位修改。"
        flash(why, "warning")
        _leave(name, Side.BEFORE, range(len(sent_photos(name))), why)
        return
    _tell_left(
        name, Side.BEFORE, refused, url_for("records.add_photos", form_id=record.form.id, record_id=record.id)
    )


def left_photos() -> Sequence[Mapping[str, Any]]:
    """What this request's record was stored without, for the browser, which keeps it until somebody has seen to it.

    Of each field of the form: the ``places`` of the files, ``why``, and the ``action``, ``side`` and ``form`` by which
    they can be sent again; an empty action where they cannot.
    """
    left: Sequence[Mapping[str, Any]] = g.get("left_photos", ())
    return left


def _tell_left(name: str, side: Side, refused: RefusedPhotos, action: str = "") -> None:
    for sentence in refused.sentences:
        flash(f"照片{sentence}", "warning")
    if refused:
        _leave(name, side, refused.places, " ".join(refused.sentences), action)


def _leave(name: str, side: Side, places: Sequence[int], why: str, action: str = "") -> None:
    left = {"field": name, "places": [*places], "why": why, "action": action, "side": side.value}
    g.setdefault("left_photos", []).append({**left, "form": f"photos-form-{side.value}"})


def _keep(record: Record, side: Side, data: bytes, spot_id: str | None) -> None:
    """Decode before the transaction, which would hold the write lock."""
    digest, files = digest_of(data), _files()
    with desk() as at:
        if photo_store.known(at.connection, record, side, digest):
            return
    with files.one_at_a_time():
        upload = Upload(digest, make_picture(data))
    with desk(writes=True) as at:
        photo_store.add(at, stored(at, record.form, UUID(record.id)), side, upload, files, spot_id)


@blueprint.context_processor
def photo_words() -> dict[str, Any]:
    """Template context for photographs."""
    return {
        "side_names": SIDE_NAMES,
        "sides_of_units": OF_UNITS,
        "most_photos": MOST_A_SIDE,
        "photo_limits": LIMITS,
    }


def _with_photos(form_id: str) -> RecordForm:
    """The form of that id, if its records are issues; 404 otherwise."""
    form = record_form(form_id)
    return form if form.kind == "issue" else abort(404)


def _files() -> PhotoFiles:
    return PhotoFiles(services().config.files)


def _short(file: FileStorage) -> str:
    return (file.filename or "")[-40:]


def _back(form: RecordForm, record_id: UUID) -> Response:
    return redirect(url_for("records.show", form_id=form.id, record_id=record_id, _anchor="photos"), 303)
