"""Photographs of a field, of an issue or of a register's row: the row holds how many there are.

Only what stands here changes that number, in one transaction with the picture's row; edits, imports and moves leave
it as it is. Otherwise as in ``photo_store``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Column, ColumnElement, Connection, delete, func, insert, select

from checklist.model import Field
from forms_server import audit
from forms_server.db.tables import photo
from forms_server.desk import Desk
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_store import (
    ADD,
    REMOVE,
    Full,
    Photo,
    Side,
    Upload,
    photo_of,
    require_open,
    row_of,
)
from forms_server.records import record_rows, record_store
from forms_server.records.record import Record
from forms_server.registers import row_store
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_content import counted_columns

Pictured = Record | RegisterRow
"""What has fields of photographs."""


@dataclass(frozen=True)
class FieldUpload:
    """Uploaded pictures of one field."""

    field: Field
    uploads: Sequence[Upload]


def field_photos(connection: Connection, owner: Pictured) -> Mapping[str, Sequence[Photo]]:
    """Photographs by the id of their field, oldest first."""
    query = select(photo).where(_of(owner)).order_by(photo.c.created_at, photo.c.id)
    found: dict[str, list[Photo]] = {}
    for row in connection.execute(query):
        found.setdefault(row.field_id, []).append(photo_of(row))
    return found


def digests(connection: Connection, owner: Pictured, field_id: str) -> set[str]:
    """Digests of the files of which a field's photographs were made."""
    return set(connection.execute(select(photo.c.upload_sha256).where(_of(owner, field_id))).scalars())


def permit(desk: Desk, owner: Pictured) -> None:
    """Raise NotAllowed or NotNow where the account may not add or remove photographs of fields."""
    if isinstance(owner, RegisterRow):
        row_store.permit(desk, owner)
    else:
        require_open(desk, owner)


def add(desk: Desk, owner: Pictured, sent: FieldUpload, files: PhotoFiles) -> Pictured:
    """Add photographs to a field; returns the owner as it is then. Idempotent: a resent file is the same photograph.

    Raises:
        NotAllowed, NotNow: as for ``permit``.
        Full: the field would have more than it may; none is added.
    """
    permit(desk, owner)
    field, there = sent.field, digests(desk.connection, owner, sent.field.id)
    new = {each.digest: each for each in sent.uploads if each.digest not in there}
    if not new:
        return owner
    if len(there) + len(new) > field.most_photos:
        raise Full
    of = {_column(owner).name: owner.id, "field_id": field.id}
    rows = [{**row_of(desk, str(uuid4()), Side.FIELD, each, files), **of} for each in new.values()]
    desk.connection.execute(insert(photo), rows)
    return _count_anew(desk, owner, field.id, ADD, [row["id"] for row in rows])


def remove(desk: Desk, owner: Pictured, photo_id: str) -> str | None:
    """Remove a photograph of a field (idempotent).

    Returns:
        The name of its files, for ``photo_store.sweep`` once this is committed; None where there was none.

    Raises:
        NotAllowed, NotNow: as for ``permit``.
    """
    permit(desk, owner)
    audit.note_unfit(desk.connection, desk.now, desk.account, photo.name, [photo_id])
    gone = desk.connection.execute(
        delete(photo).where(_of(owner), photo.c.id == photo_id).returning(photo.c.sha256, photo.c.field_id)
    ).first()
    if gone is None:
        return None
    _count_anew(desk, owner, gone.field_id, REMOVE, [photo_id])
    return str(gone.sha256)


def _count_anew(
    desk: Desk, owner: Pictured, field_id: str, action: str, photo_ids: Sequence[str]
) -> Pictured:
    """Store how many photographs the field has, with what is computed from it, and append the audit rows."""
    count = desk.connection.execute(select(func.count()).where(_of(owner, field_id))).scalar_one()
    values: dict[str, Any] = {**owner.values, field_id: count or None}
    what = {"fields": [field_id]}
    after: Pictured
    if isinstance(owner, RegisterRow):
        columns = counted_columns(desk, owner, values)
        after = row_store.change(desk, owner, owner.version, columns, action, what)
        row_store.compute_anew(desk, after, [field_id])
    else:
        columns = record_store.counted_columns(desk, owner, values)
        after = record_rows.change(desk, owner, owner.version, columns, action, what)
    said = [audit.AuditEntry(photo.name, each, action) for each in photo_ids]
    audit.record_many(desk.connection, desk.now, desk.account, said)
    return after


def _column(owner: Pictured) -> "Column[Any]":
    return photo.c.row_id if isinstance(owner, RegisterRow) else photo.c.issue_id


def _of(owner: Pictured, field_id: str | None = None) -> ColumnElement[bool]:
    of = (_column(owner) == owner.id) & (photo.c.side == Side.FIELD.value)
    return of if field_id is None else of & (photo.c.field_id == field_id)
