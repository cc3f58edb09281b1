"""Files of photographs in a request, and how a stored picture is answered."""

from dataclasses import dataclass

from flask import abort, make_response, request
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from forms_server.photos.photo_files import PhotoFiles
from forms_server.photos.photo_reencoding import make_picture
from forms_server.photos.photo_store import Photo, Upload, digest_of
from forms_server.web.current_services import services

FILES = "photos"
"""Name of the input for photographs of a side."""

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


def picture_files() -> PhotoFiles:
    """The folder of the pictures."""
    return PhotoFiles(services().config.files)


def sent_photos(name: str = FILES) -> list[FileStorage]:
    """Files that came in the field of that name."""
    return [file for file in request.files.getlist(name) if file.filename]


def short_name(file: FileStorage) -> str:
    """A file's name as messages quote it."""
    return (file.filename or "")[-40:]


def decoded(data: bytes) -> Upload:
    """Decode a file, one at a time; before a transaction, which would hold the write lock.

    Raises:
        UnusablePhoto: it is no photograph, or not one that can be kept.
    """
    with picture_files().one_at_a_time():
        return Upload(digest_of(data), make_picture(data))


def picture_response(found: Photo) -> Response:
    """Answer with a picture; ``?size=small`` for lists."""
    try:
        data = picture_files().path(found.name, small=request.args.get("size") == "small").read_bytes()
    except FileNotFoundError:  # after a restore from a backup that could not read it, for one
        abort(404)
    response = make_response(data)
    response.mimetype = "image/jpeg"
    response.headers["Content-Disposition"] = f'inline; filename="{found.side.value}-{found.id[:8]}.jpg"'
    response.headers["Content-Security-Policy"] = POLICY
    return response
