"""Parsing of records picked in a list."""

from uuid import UUID

from flask import abort

from checklist.model import RecordForm
from forms_server.records.bulk_changes import Pick

NAME = "pick"
"""Name of the checkboxes."""


def pick(form: RecordForm, text: str) -> Pick:
    """Parse a checkbox's value ``id.version``; 400 if malformed."""
    record_id, _, version = text.partition(".")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        abort(400)
    try:
        return Pick(form, str(UUID(record_id)), int(version))
    except ValueError:
        abort(400)
