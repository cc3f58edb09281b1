"""Shared helpers of the visits' pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, g, render_template, url_for

from checklist.model import FieldType, RecordForm
from checklist.states import is_counted
from checklist.values.village_names import village_names
from checklist.visit_forms import asked_once, visit_forms
from forms_server.access import Action, may_write
from forms_server.accounts import account_store
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import STATE_NAMES
from forms_server.photos.photo_limits import LIMITS, MOST_A_SIDE
from forms_server.records import record_rows
from forms_server.records.record import Record
from forms_server.visits import visit_store
from forms_server.visits.sheet_counts import FilledArea
from forms_server.visits.visit import ANSWER_NAMES, PROGRESS_NAMES, Answer, Progress, Visit
from forms_server.web.current_services import services
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.records.record_words import (
    condition_words,
    handbook_item,
    short_value,
    unit_name,
    unit_words,
)

blueprint = Blueprint("visits", __name__)

VISIT_ID = "visit-id"
"""Name of the hidden input with the client's visit id."""


@blueprint.errorhandler(NotAllowed)
def not_allowed(error: NotAllowed) -> tuple[str, int]:
    """Answer a write without permission."""
    return render_template("error.html", title="无权操作", text=str(error), reference=""), 403


def visit_form(form_id: str) -> RecordForm:
    """Look up a form with visits; 404 if there is none."""
    return next((form for form in visit_forms(services().campaign) if form.id == form_id), None) or abort(404)


def stored(at: Desk, visit_id: UUID) -> Visit:
    """Look up the visit of a URL; 404 outside the account's scope."""
    return visit_store.get(at, str(visit_id))


def may_visit(unit_code: str, village_code: str | None) -> bool:
    """Whether the signed-in account may write the visit."""
    return may_write(g.account, Action.VISIT, unit_code, village_code)


def issues_of(at: Desk, visit: Visit) -> dict[str, Record]:
    """Map item ids to the issues created from their problems."""
    found: dict[str, Record] = {}
    for item_id, answered in visit.answers.items():
        if answered.issue_id:
            try:
                found[item_id] = record_rows.get(at, visit.form, answered.issue_id)
            except NotFound:
                continue
    return found


def is_live(record: Record | None) -> bool:
    """Whether an issue still counts."""
    return record is not None and is_counted(record.state)


def with_names(at: Desk, fills: Sequence[FilledArea]) -> list[tuple[FilledArea, str]]:
    """What was answered at once, each with the name of whoever did."""
    accounts = {each.account_id: account_store.find(at.connection, each.account_id) for each in fills}
    names = {account_id: account.shown_name for account_id, account in accounts.items() if account}
    return [(each, names.get(each.account_id, "")) for each in fills]


def title_of(form: RecordForm, values: dict[str, Any]) -> str:
    """Title of a visit: the names in its own fields, or else the places."""
    campaign, once = services().campaign, asked_once(form).fields
    names = [field for field in once if field.type is FieldType.TEXT and not field.suggest]
    shown = [field for field in names if values.get(field.id)] or [f for f in once if values.get(f.id)][:3]
    return " ".join(short_value(field, values[field.id], campaign) for field in shown) or form.sheet_name


@blueprint.context_processor
def words() -> dict[str, Any]:
    """Template context of visits."""
    campaign = services().campaign
    return {
        "answer_names": ANSWER_NAMES,
        "progress_names": PROGRESS_NAMES,
        "state_names": STATE_NAMES,
        "Answer": Answer,
        "Progress": Progress,
        "visit_title": title_of,
        "is_live": is_live,
        "unit_name": lambda code: unit_name(campaign, code),
        "shown_value": lambda field, value: short_value(field, value, campaign),
        "village_names": village_names(campaign),
        "handbook_item": handbook_item,
        "condition_words": condition_words,
        "visit_forms": visit_forms(campaign),
        "most_photos": MOST_A_SIDE,
        "photo_limits": LIMITS,
        "show_issue": lambda record: url_for("records.show", form_id=record.form.id, record_id=record.id),
        **unit_words(Offer(campaign, g.account)),
    }
