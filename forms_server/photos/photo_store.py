"""Repository of photographs: each change with its audit row, in one transaction.

A file is written before its row is committed and removed after the last row that references it, so no row lacks its
file; a crash leaves at most an orphaned, invisible file. Writers are serialized, so adding and removing the same
picture do not race.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, or_, select

from forms_server import audit
from forms_server.access import Action
from forms_server.db.tables import issue, photo
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import NotNow, State, may_edit
from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_limits import MOST_A_SIDE
from forms_server.photos.photo_reencoding import Picture
from forms_server.records.record import Record
from forms_server.records.record_rights import may_do
from forms_server.records.record_store import permit


class Side(StrEnum):
    """Side of a photograph: before or after rectification, what a team saw on the spot, or a field's."""

    BEFORE = "before"
    AFTER = "after"
    SPOT = "spot"
    FIELD = "field"


SIDE_NAMES = {Side.BEFORE: "整改前", Side.AFTER: "整改后", Side.SPOT: "督导现场"}

OF_UNITS = (Side.BEFORE, Side.AFTER)
"""Sides that the units add to and remove from; what a team took stays."""


ADD, REMOVE = "add_photo", "remove_photo"
"""The audit's words."""


class Full(Exception):
    """There are as many photographs of that side, or of that field, as there may be."""


@dataclass(frozen=True)
class Photo:
    """A photograph of an issue or of a register's row; ``name`` is the hash by which its files are found."""

    id: str
    side: Side
    name: str
    width: int
    height: int
    created_at: datetime
    spot_id: str | None = None
    """The team's visit, check or finding at which it was taken."""


def photo_of(row: Row[Any]) -> Photo:
    """Build a photograph from its row."""
    return Photo(row.id, Side(row.side), row.sha256, row.width, row.height, row.created_at, row.spot_id)


@dataclass(frozen=True)
class Upload:
    """An uploaded file by its hash, with the re-encoded picture."""

    digest: str
    picture: Picture


def digest_of(data: bytes) -> str:
    """Hash of an upload, for idempotent resends."""
    return hashlib.sha256(data).hexdigest()


def photos(connection: Connection, record: Record) -> Sequence[Photo]:
    """The record's photographs, oldest first; none for a record that is no issue."""
    return photos_of_many(connection, [record]).get(record.id, [])


def photos_of_many(connection: Connection, records: Sequence[Record]) -> dict[str, list[Photo]]:
    """Photographs of sides by the id of their record, oldest first."""
    ids = [record.id for record in records]
    of = photo.c.issue_id.in_(ids), photo.c.side != Side.FIELD.value
    query = select(photo).where(*of).order_by(photo.c.created_at, photo.c.id)
    found: dict[str, list[Photo]] = {}
    for row in connection.execute(query):
        found.setdefault(row.issue_id, []).append(photo_of(row))
    return found


def known(connection: Connection, record: Record, side: Side, digest: str) -> bool:
    """Whether the record has that file already."""
    return connection.execute(select(photo.c.id).where(_same(record, side, digest))).first() is not None


def add(
    desk: Desk, record: Record, side: Side, upload: Upload, files: PhotoFiles, spot_id: str | None = None
) -> None:
    """Add a photograph. Idempotent: a resent file is the same photograph.

    Args:
        spot_id: with ``Side.SPOT``, the team's visit, check or finding.

    Raises:
        NotAllowed: the account may not edit the issue, or its team does not go there.
        NotNow: its state does not allow it.
        Full: there are ``MOST_A_SIDE`` of that side already, or of that visit, check or finding.
    """
    require_open(desk, record, side)
    if known(desk.connection, record, side, upload.digest):
        return
    count = select(func.count()).where(
        photo.c.issue_id == record.id,
        photo.c.side == side.value,
        photo.c.spot_id.is_not_distinct_from(spot_id),
    )
    if desk.connection.execute(count).scalar_one() >= MOST_A_SIDE:
        raise Full
    row = row_of(desk, str(uuid4()), side, upload, files) | {"issue_id": record.id, "spot_id": spot_id}
    desk.connection.execute(insert(photo).values(row))
    _record(desk, record, ADD, row["id"], side)


def row_of(desk: Desk, photo_id: str, side: Side, upload: Upload, files: PhotoFiles) -> dict[str, Any]:
    """The columns of a new photograph but those that say whose it is; its files are written."""
    return {
        "id": photo_id,
        "side": side.value,
        "upload_sha256": upload.digest,
        "sha256": files.keep(upload.picture),
        "width": upload.picture.width,
        "height": upload.picture.height,
        "created_by": desk.account.id,
        "created_at": desk.now,
    }


def get(connection: Connection, record_id: str, photo_id: str) -> Photo:
    """A photograph of that issue or row, of a side or of a field.

    Raises:
        NotFound: it has none with that id.
    """
    of = or_(photo.c.issue_id == record_id, photo.c.row_id == record_id)
    row = connection.execute(select(photo).where(photo.c.id == photo_id, of)).first()
    if row is None:
        raise NotFound(photo_id)
    return photo_of(row)


def remove(desk: Desk, record: Record, photo_id: str) -> str | None:
    """Remove a photograph of ``OF_UNITS`` (idempotent).

    Returns:
        The name of its files, for ``sweep`` once this is committed; None where there was no such photograph.

    Raises:
        NotAllowed, NotNow: as for ``add``.
    """
    require_open(desk, record)
    sides = photo.c.side.in_([side.value for side in OF_UNITS])
    own = (photo.c.id == photo_id) & (photo.c.issue_id == record.id) & sides
    audit.note_unfit(desk.connection, desk.now, desk.account, photo.name, [photo_id])
    gone = desk.connection.execute(delete(photo).where(own).returning(photo.c.sha256, photo.c.side)).first()
    if gone is None:
        return None
    _record(desk, record, REMOVE, photo_id, Side(gone.side))
    return str(gone.sha256)


def sweep(connection: Connection, name: str, files: PhotoFiles) -> None:
    """Delete a picture's files once no photograph references them."""
    if connection.execute(select(photo.c.id).where(photo.c.sha256 == name)).first() is None:
        files.remove(name)


def require_open(desk: Desk, record: Record, side: Side = Side.BEFORE) -> None:
    """Raise NotAllowed or NotNow where the account may not add or remove photographs of that side."""
    if side is Side.SPOT:
        if not may_do(desk.account, Action.FIND, desk.campaign, record):
            raise NotAllowed("您所在的督导组没有安排到这个单位。")
        return
    reports = record.state is State.RECTIFYING and may_do(desk.account, Action.REPORT, desk.campaign, record)
    if not reports:
        permit(desk, Action.EDIT, record.unit_code, record.village_code)
    if not may_edit(record.state):
        raise NotNow(record.state, "增减照片")


def _same(record: Record, side: Side, digest: str) -> ColumnElement[bool]:
    return (photo.c.issue_id == record.id) & (photo.c.side == side.value) & (photo.c.upload_sha256 == digest)


def _record(desk: Desk, record: Record, action: str, photo_id: str, side: Side) -> None:
    change = {"photo": photo_id, "side": side.value}
    said = [
        audit.AuditEntry(issue.name, record.id, action, change, alters=False),
        audit.AuditEntry(photo.name, photo_id, action),
    ]
    audit.record_many(desk.connection, desk.now, desk.account, said)
