"""Autosave of drafts (debounced by the script), which are offered when the page is reopened."""

from typing import Any
from uuid import UUID

from flask import abort, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from checklist.date_formats import clock_time
from checklist.model import RecordForm
from checklist.values.judge import check_record
from forms_server.db.record_columns import TABLES
from forms_server.records import drafts, record_rows
from forms_server.records.drafts import Draft
from forms_server.state_moves import MOVES
from forms_server.web.cookies import COPY
from forms_server.web.csrf import FIELD as TOKEN
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import printable
from forms_server.web.records.record_words import title_of
from forms_server.web.records.requested_record import ITEM, blueprint, context, desk, record_form

MOST_TEXT = 60_000
"""Maximal characters of a draft: several times the capacity of a form."""


@blueprint.post("/<form_id>/<uuid:record_id>/drafts/<page>")
def save_draft(form_id: str, record_id: UUID, page: str) -> Response | tuple[Response, int]:
    """Store a draft sent as a JSON object of names and texts; 409 if the record has been filed."""
    form, where, typed = record_form(form_id), _page(page), sent_texts()
    with desk(writes=True) as at:
        existing = record_rows.find(at, form, str(record_id))
        if (existing is None) != (where == drafts.NEW):
            return jsonify(saved=""), 409 if existing else 404
        drafts.save(at, where, form, str(record_id), typed)
    return jsonify(saved=clock_time(at.now))


@blueprint.post("/<form_id>/<uuid:record_id>/drafts/<page>/discard")
def discard_draft(form_id: str, record_id: UUID, page: str) -> Response:
    """Delete a draft and show the page without it."""
    form, where = record_form(form_id), _page(page)
    with desk(writes=True) as at:
        record_rows.find(at, form, str(record_id))  # another unit's is not there
        drafts.discard(at, where, str(record_id))
    return redirect(address(form, where, str(record_id)), 303)


def address(form: RecordForm, page: str, record_id: str, **more: Any) -> str:
    """URL of a draft's page."""
    if page != drafts.NEW:
        more["record_id"] = record_id
    return url_for(f"records.{page}", form_id=form.id, **more)


def resume_address(form: RecordForm, draft: Draft) -> str:
    """URL that restores a draft."""
    return address(form, draft.page, draft.record_id, draft=draft.record_id, item=draft.typed.get(ITEM))


def draft_words(form: RecordForm, draft: Draft) -> str:
    """Label of a draft, from its input so far."""
    return title_of(form, check_record(form, draft.typed, context()).values, services().campaign)


def resumed(page: str, record_id: str | None) -> Draft | None:
    """Return the draft requested by the query string; None if there is none, or none any more."""
    asked = request.args.get("draft", "")
    if request.method != "GET" or not asked or asked != (record_id or asked):
        return None
    with desk() as at:
        return drafts.find(at, page, asked)


def offered(page: str, form: RecordForm, record_id: str | None) -> list[Draft]:
    """Return the drafts offered on a freshly opened page; none on the browser's offline copy."""
    if request.method != "GET" or {"draft", COPY} & set(request.args):
        return []
    with desk() as at:
        if record_id is None:
            return list(drafts.unfinished(at, form, TABLES[form.kind]))
        found = drafts.find(at, page, record_id)
        return [found] if found else []


@blueprint.context_processor
def draft_context() -> dict[str, Any]:
    """Template context for drafts."""
    return {"resume_address": resume_address, "draft_words": draft_words}


def _page(name: str) -> str:
    """A page of a record; a visit's drafts have an address of their own."""
    return name if name in {drafts.NEW, drafts.EDIT, *MOVES} else abort(404)


def sent_texts() -> dict[str, str]:
    """Parse texts by name, without the CSRF token and unprintable ones; 400 if malformed, 413 if too long."""
    try:
        sent = request.get_json(silent=True)
    except RecursionError:  # nested a hundred thousand deep
        abort(400)
    if not isinstance(sent, dict) or not all(isinstance(text, str) for text in sent.values()):
        abort(400)
    typed = {printable(name): printable(text) for name, text in sent.items() if name != TOKEN and text}
    if sum(len(name) + len(text) for name, text in typed.items()) > MOST_TEXT:
        abort(413)
    return typed
