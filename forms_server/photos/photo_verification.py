"""Compares the pictures on disk with the photographs in the database."""

import hashlib
from collections.abc import Iterator

from sqlalchemy import Connection, func, select

from build_scripts.progress import Tell
from forms_server.db.tables import photo
from forms_server.photos.photo_files import PhotoFiles
from forms_server.record_verification import RecordFault, RecordFaultKind


def photo_faults(connection: Connection, files: PhotoFiles, tell: Tell) -> Iterator[RecordFault]:
    """Photographs whose picture is missing, or is not the one that was stored: its name is its hash."""
    tell("核对照片", total=connection.execute(select(func.count()).select_from(photo)).scalar_one())
    for row in connection.execute(select(photo.c.id, photo.c.sha256).order_by(photo.c.id)):
        tell(advance=1)
        path = files.path(row.sha256)
        if not path.is_file():
            yield RecordFault(photo.name, row.id, RecordFaultKind.LOST_FILE)
        elif hashlib.sha256(path.read_bytes()).hexdigest() != row.sha256:
            yield RecordFault(photo.name, row.id, RecordFaultKind.ALTERED_FILE)
