"""The merge page of concurrent edits: field by field, both sides, with one-sided changes taken over.

It serves whatever is edited by a form: records of ledgers, and rows of registers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from checklist.model import FilledForm
from checklist.values.judge import Value
from forms_server.records.merging import Whose, compare, fingerprints
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import SEEN

TAKE, THEIRS = "take.", "theirs."
"""Before a field's id: the choice between the two sides, and the other side's text. No field's id has a dot."""


@dataclass(frozen=True)
class Stored:
    """What is stored now, of whatever was edited."""

    form: FilledForm
    values: Mapping[str, Value]
    version: int
    title: str
    changed_by: str
    """Who changed it last."""
    changed_at: datetime
    address: str
    """Its page."""
    edit_address: str


def shown_fingerprints(fields: RecordFields, values: Mapping[str, Value]) -> str:
    """What an edit page shows, to be sent along with it."""
    return fingerprints(fields.texts(values), [field.id for field in fields.asked])


def chosen_input() -> MultiDict[str, str]:
    """Return the input; from the merge page, the other side's text where chosen."""
    typed = MultiDict(request.form)
    for name, side in request.form.items():
        if name.startswith(TAKE) and side == Whose.THEIRS:
            field_id = name.removeprefix(TAKE)
            typed[field_id] = request.form.get(THEIRS + field_id, "")
    return typed


def merge_page(current: Stored, fields: RecordFields, kept: Mapping[str, Value]) -> str:
    """Render the merge page; one-sided changes are preselected.

    Args:
        current: the other side.
        fields: with what was typed.
        kept: the values that would have been stored.
    """
    ids = [field.id for field in fields.asked]
    mine, theirs = fields.texts(kept), fields.texts(current.values)
    return render_template(
        "records/merge.html",
        form=current.form,
        current=current,
        fields=fields,
        seen=fingerprints(theirs, ids),
        whose=compare(request.form.get(SEEN, ""), mine, theirs, ids),
        theirs=theirs,
    )
