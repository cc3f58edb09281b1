"""Photographs of a row's fields: added, looked at and removed on its page."""

from uuid import UUID

from flask import redirect, url_for
from werkzeug.wrappers import Response

from forms_server.photos import field_photos, photo_store
from forms_server.web.photos.field_uploads import keep_of_field, sweep
from forms_server.web.photos.picture_files import picture_response
from forms_server.web.records.requested_record import desk
from forms_server.web.registers import row_page
from forms_server.web.registers.requested_register import asked_register, blueprint, stored_row


@blueprint.post("/<register_id>/<uuid:row_id>/photos")
def add_photos(register_id: str, row_id: UUID) -> Response | tuple[str, int]:
    """Store uploaded photographs of a field; refused ones are listed with reasons."""
    register = asked_register(register_id)
    refused = keep_of_field(register, lambda at: stored_row(at, register, row_id))
    if refused:
        return row_page.page(register, row_id, refused.sentences), refused.status
    return _back(register_id, row_id)


@blueprint.get("/<register_id>/<uuid:row_id>/photos/<uuid:photo_id>")
def photo(register_id: str, row_id: UUID, photo_id: UUID) -> Response:
    """One photograph; ``?size=small`` for lists."""
    with desk() as at:
        row = stored_row(at, asked_register(register_id), row_id)
        found = photo_store.get(at.connection, row.id, str(photo_id))
    return picture_response(found)


@blueprint.post("/<register_id>/<uuid:row_id>/photos/<uuid:photo_id>/remove")
def remove_photo(register_id: str, row_id: UUID, photo_id: UUID) -> Response:
    """Remove a photograph, and its files once nothing else shows the same one."""
    register = asked_register(register_id)
    with desk(writes=True) as at:
        name = field_photos.remove(at, stored_row(at, register, row_id), str(photo_id))
    sweep(name)
    return _back(register_id, row_id)


def _back(register_id: str, row_id: UUID) -> Response:
    return redirect(url_for("registers.show", register_id=register_id, row_id=row_id, _anchor="photos"), 303)
