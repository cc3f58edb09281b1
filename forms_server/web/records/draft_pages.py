"""Autosave of drafts (debounced by the script), which are offered when the page is reopened.

One set of pages serves whatever is filed by a form: records of ledgers, and rows of registers.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar
from uuid import UUID

from flask import Blueprint, abort, jsonify, redirect, request, url_for
from sqlalchemy import Table
from werkzeug.wrappers import Response

from checklist.date_formats import clock_time
from checklist.model import FilledForm
from checklist.values.judge import check_record
from forms_server.db.record_columns import TABLES
from forms_server.desk import Desk
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


Form = TypeVar("Form", bound=FilledForm)


@dataclass(frozen=True)
class DraftPages(Generic[Form]):
    """The views, addresses and offers of the drafts of one blueprint's pages."""

    blueprint: Blueprint
    form_key: str
    """Parameter of the form in the blueprint's addresses."""
    record_key: str
    """Parameter of the record."""
    asked_form: Callable[[str], Form]
    """Looks the form up; 404 if there is none."""
    find: Callable[[Desk, Form, str], object | None]
    """Looks a stored record up; raises NotFound outside the account's scope."""
    table: Callable[[Form], Table]
    """Where records of the form are stored."""
    has_drafts: Callable[[str], bool]
    """Says of a page's name whether it has drafts."""
    kept: Mapping[str, str] = field(default_factory=dict)
    """Parameters of a draft's address that repeat one of its texts, by the text's name."""

    def __post_init__(self) -> None:
        """Add the views and the templates' words to the blueprint."""
        rule = f"/<{self.form_key}>/<uuid:{self.record_key}>/drafts/<page>"
        self.blueprint.add_url_rule(rule, "save_draft", self.save, methods=["POST"])
        self.blueprint.add_url_rule(f"{rule}/discard", "discard_draft", self.discard, methods=["POST"])
        self.blueprint.context_processor(self.words)

    def save(self, **path: Any) -> Response | tuple[Response, int]:
        """Store a draft sent as a JSON object of names and texts; 409 if the record has been filed."""
        form, record_id, page = self._asked(path)
        typed = sent_texts()
        with desk(writes=True, shares_commit=True) as at:
            existing = self.find(at, form, record_id)
            if (existing is None) != (page == drafts.NEW):
                return jsonify(saved=""), 409 if existing else 404
            drafts.save(at, page, form, record_id, typed)
        return jsonify(saved=clock_time(at.now))

    def discard(self, **path: Any) -> Response:
        """Delete a draft and show the page without it."""
        form, record_id, page = self._asked(path)
        with desk(writes=True, shares_commit=True) as at:
            self.find(at, form, record_id)  # another unit's is not there
            drafts.discard(at, page, record_id)
        return redirect(self._page_address(form, page, record_id), 303)

    def offered(self, page: str, form: Form, record_id: str | None) -> list[Draft]:
        """Return the drafts offered on a freshly opened page; none on the browser's offline copy."""
        if request.method != "GET" or {"draft", COPY} & set(request.args):
            return []
        with desk() as at:
            if record_id is None:
                return list(drafts.unfinished(at, form, self.table(form)))
            found = drafts.find(at, page, record_id)
            return [found] if found else []

    def words(self) -> dict[str, Any]:
        """Template context: addresses and labels of drafts."""
        return {
            "draft_words": draft_words,
            "resume_address": self._resume_address,
            "save_draft_address": lambda form, record_id, page: self._address(
                "save_draft", form, record_id, page
            ),
            "discard_draft_address": lambda form, draft: self._address(
                "discard_draft", form, draft.record_id, draft.page
            ),
        }

    def _asked(self, path: Mapping[str, Any]) -> tuple[Form, str, str]:
        form, page = self.asked_form(path[self.form_key]), path["page"]
        record_id: UUID = path[self.record_key]
        return form, str(record_id), page if self.has_drafts(page) else abort(404)

    def _address(self, view: str, form: Form, record_id: str, page: str) -> str:
        path: dict[str, Any] = {self.form_key: form.id, self.record_key: record_id, "page": page}
        return url_for(f"{self.blueprint.name}.{view}", **path)

    def _page_address(self, form: Form, page: str, record_id: str, **more: Any) -> str:
        path: dict[str, Any] = {self.form_key: form.id}
        if page != drafts.NEW:
            path[self.record_key] = record_id
        return url_for(f"{self.blueprint.name}.{page}", **path, **more)

    def _resume_address(self, form: Form, draft: Draft) -> str:
        """URL that restores a draft."""
        more = {parameter: draft.typed.get(name) for parameter, name in self.kept.items()}
        return self._page_address(form, draft.page, draft.record_id, draft=draft.record_id, **more)


def draft_words(form: FilledForm, draft: Draft) -> str:
    """Label of a draft, from its input so far."""
    return title_of(form, check_record(form, draft.typed, context()).values, services().campaign)


def resumed(page: str, record_id: str | None) -> Draft | None:
    """Return the draft requested by the query string; None if there is none, or none any more."""
    asked = request.args.get("draft", "")
    if request.method != "GET" or not asked or asked != (record_id or asked):
        return None
    with desk() as at:
        return drafts.find(at, page, asked)


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


record_drafts = DraftPages(
    blueprint,
    "form_id",
    "record_id",
    record_form,
    record_rows.find,
    lambda form: TABLES[form.kind],
    lambda page: page in {drafts.NEW, drafts.EDIT, *MOVES},  # a visit's drafts have an address of their own
    kept={"item": ITEM},
)
