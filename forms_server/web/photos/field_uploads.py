"""Photographs of fields that come with a form: all are decoded before anything is stored."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from flask import abort, flash, request

from checklist.messages import say
from checklist.model import Field, FilledForm
from checklist.problems import Problem
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import NotNow
from forms_server.photos import field_photos, photo_store
from forms_server.photos.field_photos import FieldUpload, Pictured
from forms_server.photos.photo_reencoding import UnusablePhoto
from forms_server.photos.photo_store import Full, Side, Upload, digest_of
from forms_server.web.photos.left_photos import leave_photos
from forms_server.web.photos.photo_words import PICTURES
from forms_server.web.photos.picture_files import (
    RefusedPhotos,
    decoded,
    picture_files,
    sent_photos,
    short_name,
)
from forms_server.web.records.requested_record import desk

FIELD = "field"
"""Name of the input with the id of a field to which photographs are added."""


def sent_counts(form: FilledForm) -> dict[str, int]:
    """How many photographs came for each field; fields without any are omitted."""
    counts = {field.id: len(sent_photos(field.id + PICTURES)) for field in form.photo_fields}
    return {field_id: count for field_id, count in counts.items() if count}


def missing_photos(form: FilledForm, values: Mapping[str, Any]) -> list[str]:
    """What is said of required fields without a photograph."""
    lacking = (field for field in form.photo_fields if field.required and not values.get(field.id))
    return [say("photo-missing", label=field.label) for field in lacking]


def filed_photos(form: FilledForm) -> tuple[Sequence[FieldUpload], Sequence[Problem]]:
    """Decode what came with a new row; returns the pictures and what is wrong, required ones that lack included."""
    uploads, problems = list[FieldUpload](), list[Problem]()
    for field in form.photo_fields:
        sent, wrong = read_photos(field)
        problems += wrong
        if sent:
            uploads.append(FieldUpload(field, sent))
        elif field.required and not wrong:
            problems.append(Problem(field.id, "photo-required", say("photo-required", label=field.label)))
    return uploads, problems


def read_photos(field: Field, known: Collection[str] = ()) -> tuple[Sequence[Upload], Sequence[Problem]]:
    """Decode the files sent for a field but those of ``known`` digests; returns what is wrong with others, too."""
    uploads, problems = dict[str, Upload](), list[Problem]()
    for file in sent_photos(field.id + PICTURES):
        name, data = short_name(file), file.read()
        digest = digest_of(data)
        if digest in known or digest in uploads:  # resent
            continue
        if len(known) + len(uploads) >= field.most_photos:
            words = {"file": name, "label": field.label, "most": field.most_photos}
            problems.append(Problem(field.id, "photo-full", say("photo-full", **words)))
            continue
        try:
            uploads[digest] = decoded(data)
        except UnusablePhoto as error:
            words = {"label": field.label, "file": name, "reason": str(error)}
            problems.append(Problem(field.id, "photo-refused", say("photo-refused", **words)))
    return list(uploads.values()), problems


def keep_of_field(form: FilledForm, find: Callable[[Desk], Pictured]) -> RefusedPhotos:
    """Store what is added on the page of a row or record; returns what is refused, with reasons.

    Args:
        form: of the row.
        find: looks it up, with access control.

    Raises:
        NotAllowed, NotNow: where nothing can be added to it.
    """
    named = request.form.get(FIELD, "")
    field = next((each for each in form.photo_fields if each.id == named), None) or abort(400)
    with desk() as at:
        owner = find(at)
        field_photos.permit(at, owner)
        known = field_photos.digests(at.connection, owner, named)
    uploads, problems = read_photos(field, known)
    try:
        with desk(writes=True) as at:
            field_photos.add(at, find(at), FieldUpload(field, uploads), picture_files())
    except Full:
        return RefusedPhotos(
            (say("photo-full", file="照片", label=field.label, most=field.most_photos),), 422
        )
    if uploads:
        flash(f"已保存“{field.label}”的照片 {len(uploads)} 张。", "success")
    return RefusedPhotos(tuple(problem.message for problem in problems), 422)


def sweep(name: str | None) -> None:
    """Say that a photograph was removed, and delete its files once nothing else shows the same; None for none."""
    if name:
        with desk(writes=True) as at:
            photo_store.sweep(at.connection, name, picture_files())
        flash("已删除照片。", "success")


def keep_filed(find: Callable[[Desk], Pictured], uploads: Sequence[FieldUpload]) -> None:
    """Store what came with a new row, or once more with a row that is there already.

    What is not kept is told on the next page, and stays in the browser that sent it.
    """
    for each in uploads:
        try:
            with desk(writes=True) as at:
                field_photos.add(at, find(at), each, picture_files())
        except Full:
            _tell_left(each.field, "已经有这么多张了，要换请先删除。")
        except (NotAllowed, NotNow):  # it was joined to another unit's issue, or to one that is closed
            _tell_left(each.field, "这一条不由您的单位修改。")


def _tell_left(field: Field, reason: str) -> None:
    name, why = field.id + PICTURES, f"“{field.label}”的照片没有保存：{reason}"
    flash(why, "warning")
    leave_photos(name, Side.FIELD, range(len(sent_photos(name))), why)
