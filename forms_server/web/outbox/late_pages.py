"""迟到的记录: browsers of disabled accounts hand in what they kept; the office takes it in or refuses it."""

from collections.abc import Sequence
from datetime import datetime
from json import JSONDecodeError, loads
from typing import Any
from uuid import UUID, uuid5

from flask import Blueprint, Response, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.globals import request_ctx
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as Redirect

from checklist.china_time import ZONE
from checklist.date_formats import full_moment
from checklist.model import FieldType, RecordForm
from checklist.values.display import display
from forms_server.account import Account
from forms_server.accounts import account_store
from forms_server.accounts.account_check import personal_number_fault
from forms_server.db.engine import transaction
from forms_server.desk import NotFound
from forms_server.photos.photo_limits import MOST_BYTES_A_REQUEST
from forms_server.records import late_entries
from forms_server.records.late_entries import HeldEntry, LateEntry, LateFile, LateState, TooMany
from forms_server.visits.visit import ANSWER_NAMES
from forms_server.visits.visit_sheet import ANSWER
from forms_server.web.current_services import services
from forms_server.web.outbox.browser_keys import is_late_token, storage_key
from forms_server.web.outbox.late_replay import replay
from forms_server.web.records.record_words import unit_name
from forms_server.web.records.requested_record import desk

blueprint = Blueprint("late", __name__, url_prefix="/late")

ACCOUNT, TOKEN = "X-Late-Account", "X-Late-Token"
"""Headers of what a browser hands in: checked before the body is read."""

CODED = frozenset({FieldType.CHOICE, FieldType.PROBLEM_TYPE, FieldType.TOWNSHIP, FieldType.VILLAGE})
"""Types whose inputs send a code."""

MOST_SHOWN, MOST_TEXTS, MOST_REASON = 40, 4000, 200


@blueprint.post("/standing")
def standing() -> Response:
    """Whether the account of the token is disabled; if so, with the key to what its browser kept."""
    account = _of_token()
    return (
        jsonify(disabled=True, key=storage_key(account.id)) if account.disabled else jsonify(disabled=False)
    )


@blueprint.post("/entries")
def hand_in() -> Response:
    """Hold an entry of a disabled account for the office. Idempotent by its id."""
    account = _of_token()
    if not account.disabled:
        abort(409)
    request.max_content_length = MOST_BYTES_A_REQUEST
    used, entry = services(), _sent_entry()
    try:
        with transaction(used.engine) as connection:
            late_entries.hold(connection, used.campaign, used.clock.now(), account, entry)
    except TooMany:
        abort(413)
    return jsonify(done=True, at=full_moment(used.clock.now()))


@blueprint.get("/")
def index() -> str:
    """Show what waits for the office."""
    with desk() as at:
        waiting, number = late_entries.held(at, MOST_SHOWN)
    shown = [(each, _readable(each.entry)) for each in waiting]
    campaign = services().campaign
    return render_template(
        "outbox/late.html", shown=shown, number=number, unit_name=lambda code: unit_name(campaign, code)
    )


@blueprint.post("/<uuid:entry_id>/take")
def take(entry_id: UUID) -> Redirect:
    """Post the entry in its author's name; what the server refuses stays and is told."""
    held = _held(entry_id)
    done = replay(held)
    if done.wrong:
        flash(
            f"“{held.entry.title}”没有收下：{done.wrong}可以不收并写明理由，或者由本单位另行登记。", "warning"
        )
    else:
        _decide(entry_id, LateState.TAKEN)
        flash(f"已收下“{held.entry.title}”，记在{held.account.shown_name}名下。", "success")
        for words in done.left:
            flash(f"有照片没有收：{words}", "warning")
    return redirect(url_for("late.index"), 303)


@blueprint.post("/<uuid:entry_id>/refuse")
def refuse(entry_id: UUID) -> Redirect:
    """Refuse the entry, with a reason that is kept."""
    reason = request.form.get("reason", "").strip()
    if not reason or len(reason) > MOST_REASON:
        flash(f"不收要写明理由，不超过 {MOST_REASON} 字。", "warning")
    elif fault := personal_number_fault("理由", reason):
        flash(fault, "warning")
    else:
        _held(entry_id)
        _decide(entry_id, LateState.REFUSED, reason)
        flash("已记下，不收。", "success")
    return redirect(url_for("late.index"), 303)


def _held(entry_id: UUID) -> HeldEntry:
    with desk() as at:
        return late_entries.get_held(at, str(entry_id))


def _decide(entry_id: UUID, state: LateState, reason: str | None = None) -> None:
    with desk(writes=True) as at:
        late_entries.decide(at, str(entry_id), state, reason)


def _of_token() -> Account:
    """The account whose browser sends this; 400 without its token."""
    account_id = request.headers.get(ACCOUNT, "")
    if not is_late_token(account_id, request.headers.get(TOKEN, "")):
        abort(400)
    with services().engine.connect() as connection:
        return account_store.find(connection, account_id) or abort(400)


def _sent_entry() -> LateEntry:
    """The entry of the request; 400 where it is none."""
    sent = request.form
    try:
        typed_at = datetime.fromtimestamp(int(sent["typed_at"]) / 1000, ZONE).replace(tzinfo=None)
        entry_id = _entry_id(sent["id"])
    except (ValueError, OverflowError, OSError):
        abort(400)
    action = sent["action"]
    if not action.startswith("/") or len(action) > 500:
        abort(400)
    files = [
        LateFile(name, file.filename or "", file.read())
        for name, file in request.files.items(multi=True)
        if file.filename
    ]
    unit_code = sent.get("unit", "")  # pages of before a move of the server do not say it
    return LateEntry(entry_id, sent["title"], action, _texts(sent["typed"]), typed_at, files, unit_code)


def _entry_id(sent: str) -> str:
    """Id of an entry; of photographs that a stored record came without, one that always follows from theirs.

    ``outbox.js`` calls those by the id of the record's entry and the name of their field.

    Raises:
        ValueError: it is neither.
    """
    entry_id, _, field = sent.partition(" ")
    return str(uuid5(UUID(entry_id), field) if field else UUID(entry_id))


def _texts(text: str) -> Sequence[tuple[str, str]]:
    try:
        pairs = loads(text)
    except (JSONDecodeError, RecursionError):
        abort(400)
    if not isinstance(pairs, list) or len(pairs) > MOST_TEXTS:
        abort(400)
    if not all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(p, str) for p in pair) for pair in pairs
    ):
        abort(400)
    return [(name, words) for name, words in pairs]


def _readable(entry: LateEntry) -> list[tuple[str, str]]:
    """What was typed, as people read it; without ids and versions, whose names have a hyphen."""
    form = _form_of(entry) or services().campaign.household_form
    return [
        _as_read(form, name, text)
        for name, text in entry.typed
        if text and "-" not in name.rpartition(".")[2] and name != "seen"
    ]


def _as_read(form: RecordForm | None, name: str, text: str) -> tuple[str, str]:
    """Label and words of an input: of an item of a sheet, or of a field, whose codes have names."""
    campaign = services().campaign
    item_id, _, field_id = name.rpartition(".")
    at_item = campaign.item_by_id.get(item_id)
    if at_item and name == item_id + ANSWER:
        return at_item[1].text, next((words for said, words in ANSWER_NAMES.items() if said == text), text)
    field = next((each for each in form.fields if each.id == field_id), None) if form else None
    if field is None:
        return field_id, text
    return field.label, display(field, text, campaign) if field.type in CODED else text


def _form_of(entry: LateEntry) -> RecordForm | None:
    assert request_ctx.url_adapter
    try:
        _, values = request_ctx.url_adapter.match(entry.action.partition("?")[0], method="POST")
    except HTTPException:
        return None
    form: Any = services().campaign.form_by_id.get(values.get("form_id", ""))
    return form if isinstance(form, RecordForm) else None


@blueprint.errorhandler(NotFound)
def _gone(_error: NotFound) -> Redirect:
    flash("这一份刚才有人处理过了。", "warning")
    return redirect(url_for("late.index"), 303)
