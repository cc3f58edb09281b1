"""Shared helpers of the field packs' pages."""

from uuid import UUID

from flask import Blueprint, abort, render_template, request

from forms_server.desk import NotAllowed
from forms_server.web.photos.photo_words import photo_words
from forms_server.web.records.draft_pages import record_drafts
from forms_server.web.records.requested_record import words

blueprint = Blueprint("packs", __name__, url_prefix="/field")
for _words_of in (words, photo_words, record_drafts.words):  # a pack holds pages of the ledgers
    blueprint.context_processor(_words_of)

PACK_ID = "pack-id"


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer a request without permission."""
    return render_template("error.html", title="无权操作", text=str(error), reference=""), 403


def sent_pack_id() -> str:
    """The id that the browser made; 400 if malformed."""
    try:
        return str(UUID(request.form.get(PACK_ID, "")))
    except ValueError:
        abort(400)
