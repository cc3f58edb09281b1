"""Shared helpers of the ledgers' pages: context, look-up with access control, refusals."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, g, render_template, request, url_for

from build_scripts.rules.form_computing import computing
from checklist.model import RecordForm
from checklist.values.judge import Context
from forms_server.access import Action
from forms_server.db.engine import transaction
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import STATE_NAMES, NotNow, State
from forms_server.inspection.findings import get_finding
from forms_server.records import record_rows
from forms_server.records.finding_claims import NotClaimed
from forms_server.records.record import Record
from forms_server.records.record_history import history
from forms_server.records.record_rights import may_do
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.record_words import (
    action_names,
    condition_words,
    full_value,
    handbook_item,
    record_title,
    short_value,
    unit_name,
    unit_words,
)

blueprint = Blueprint("records", __name__, url_prefix="/records")

RECORD_ID = "record-id"
"""Name of the hidden input with the client's record id; the hyphen keeps it distinct from field ids."""

BASE_VERSION = "base-version"
"""Name of the hidden input with the base version."""

SEEN = "seen"
"""Name of the hidden input with fingerprints of the shown values."""

ITEM = "item-id"
"""Name of the hidden input with the look-for item, for drafts."""

DIFFERENT = "is-different"
"""Name of the button that denies all possible duplicates."""

SAME_AS = "same-as"
"""Name of the buttons that choose the duplicate."""

HOUSEHOLD = "household-id"
"""Name of the buttons that choose among namesake households."""


@contextmanager
def desk(*, writes: bool = False, shares_commit: bool = False) -> Iterator[Desk]:
    """Open the signed-in account's desk in one transaction; invisible records raise 404.

    Args:
        writes: the block may write.
        shares_commit: as for ``transaction``: it writes one record or less.
    """
    used = services()
    opened = transaction(used.engine, shares_commit=shares_commit) if writes else used.engine.connect()
    with opened as connection:
        try:
            yield Desk(connection, used.campaign, g.account, used.clock.now())
        except NotFound:
            abort(404)


@blueprint.errorhandler(NotNow)
def not_now(error: NotNow) -> tuple[str, int]:
    """Answer a move or edit that the record's state does not allow."""
    return _refused("现在不能这样操作", error, _way_on(error)), 409


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer a write without permission."""
    return _refused("无权操作", error), 403


def _way_on(error: NotNow) -> tuple[str, str]:
    """Words and address of the page on which to go on; empty where there is none that the account sees."""
    if not isinstance(error, NotClaimed):
        return "", ""
    with desk() as at:
        try:
            get_finding(at, error.finding.id)
        except NotFound:
            return "", ""
    address = url_for("inspection.finding", finding_id=error.finding.id, _anchor="claim")
    return f"打开督导第 {error.finding.number} 号", address


def _refused(title: str, error: Exception, way: tuple[str, str] = ("", "")) -> str:
    """Render the reason, with the input to be copied, and the way on."""
    path = request.view_args or {}
    form = record_form(path["form_id"])
    record_id = path.get("record_id")
    back = "records.show" if record_id else "records.index"
    address = url_for(back, form_id=form.id, record_id=record_id)
    labels = {field.id: field.label for field in form.fields}
    typed = [
        (labels.get(name, ""), words) for name, words in request.form.items() if name in labels and words
    ]
    return render_template(
        "records/refused.html", title=title, text=str(error), typed=typed, back=address, way=way
    )


def record_form(form_id: str) -> RecordForm:
    """Look up a record form; 404 if there is none."""
    form = services().campaign.form_by_id.get(form_id)
    if not isinstance(form, RecordForm):
        abort(404)
    return form


def stored(desk: Desk, form: RecordForm, record_id: UUID) -> Record:
    """Look up the record of a URL; 404 outside the account's scope."""
    return record_rows.get(desk, form, str(record_id))


def offer() -> Offer:
    """Choices of the page's lists for the signed-in account."""
    return Offer(services().campaign, g.account)


def context() -> Context:
    """Validation context: the signed-in account's unit and today's date."""
    used = services()
    unit, today = used.campaign.unit_by_code[g.account.unit_code], used.clock.today()
    return Context(used.campaign, unit, today, compute=computing(used.campaign, today))


def may(action: Action, record: Record) -> bool:
    """Whether the signed-in account may do this to a record, for the page's buttons."""
    return may_do(g.account, action, services().campaign, record)


def base_version() -> int:
    """Version that the page was rendered with, for optimistic locking; 400 if missing."""
    typed = request.form.get(BASE_VERSION, "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else abort(400)


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Template context of the ledgers."""
    campaign = services().campaign
    return {
        "shown_value": lambda field, value: full_value(field, value, campaign),
        "short_value": lambda field, value: short_value(field, value, campaign),
        "unit_name": lambda code: unit_name(campaign, code),
        "condition_words": condition_words,
        "record_title": lambda record: record_title(record, campaign),
        "handbook_item": lambda pair: handbook_item(*pair),
        "state_names": STATE_NAMES,
        "action_names": action_names(),
        "withdrawn": State.WITHDRAWN,
        "today": services().clock.today(),
        **unit_words(offer()),
    }


def changed_by(record: Record) -> str:
    """Display name of a record's last editor."""
    with desk() as at:
        entries = history(at.connection, record)
    return next(entry.by for entry in reversed(entries) if "photo" not in entry.change)


def say_saved(words: str, fields: RecordFields) -> None:
    """Flash what was saved, with warnings."""
    flash(words, "success")
    for problem in fields.warnings:
        flash(problem.message, "warning")


def chosen_household() -> str | None:
    """Household chosen among namesakes; None if not asked."""
    return request.form.get(HOUSEHOLD) or None
