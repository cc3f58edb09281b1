"""Drafts of rows, kept by the same script and table as those of records."""

from uuid import UUID

from flask import abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from checklist.date_formats import clock_time
from checklist.model import Register
from forms_server.db.tables import register_row
from forms_server.records import drafts
from forms_server.records.drafts import Draft
from forms_server.registers import row_store
from forms_server.web.cookies import COPY
from forms_server.web.records.draft_pages import resumed, sent_texts
from forms_server.web.records.requested_record import desk
from forms_server.web.registers.requested_register import asked_register, blueprint

__all__ = ["offered", "resumed"]


@blueprint.post("/<register_id>/<uuid:row_id>/drafts/<page>")
def save_draft(register_id: str, row_id: UUID, page: str) -> Response | tuple[Response, int]:
    """Store a draft sent as a JSON object of names and texts; 409 if the row has been stored."""
    register, where = asked_register(register_id), _page(page)
    if register.survey:
        abort(404)  # what is typed of a survey is kept nowhere
    typed = sent_texts()
    with desk(writes=True) as at:
        existing = row_store.find(at, register, str(row_id))
        if (existing is None) != (where == drafts.NEW):
            return jsonify(saved=""), 409 if existing else 404
        drafts.save(at, where, register, str(row_id), typed)
    return jsonify(saved=clock_time(at.now))


@blueprint.post("/<register_id>/<uuid:row_id>/drafts/<page>/discard")
def discard_draft(register_id: str, row_id: UUID, page: str) -> Response:
    """Delete a draft and show the page without it."""
    register, where = asked_register(register_id), _page(page)
    with desk(writes=True) as at:
        row_store.find(at, register, str(row_id))  # another unit's is not there
        drafts.discard(at, where, str(row_id))
    return redirect(_address(register, where, str(row_id)), 303)


def offered(page: str, register: Register, row_id: str | None) -> list[Draft]:
    """Return the drafts offered on a freshly opened page; none on the browser's offline copy."""
    if register.survey or request.method != "GET" or {"draft", COPY} & set(request.args):
        return []
    with desk() as at:
        if row_id is None:
            return list(drafts.unfinished(at, register, register_row))
        found = drafts.find(at, page, row_id)
        return [found] if found else []


@blueprint.app_template_global()
def row_draft_address(register: Register, draft: Draft) -> str:
    """URL that restores a draft."""
    return _address(register, draft.page, draft.record_id, draft=draft.record_id)


def _address(register: Register, page: str, row_id: str, draft: str | None = None) -> str:
    of_row = row_id if page != drafts.NEW else None
    return url_for(f"registers.{page}", register_id=register.id, row_id=of_row, draft=draft)


def _page(name: str) -> str:
    return name if name in {drafts.NEW, drafts.EDIT} else abort(404)
