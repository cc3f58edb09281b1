"""Drafts of rows, by the pages that keep those of records."""

from flask import abort

from checklist.model import Register
from forms_server.db.tables import register_row
from forms_server.records import drafts
from forms_server.registers import row_store
from forms_server.web.records.draft_pages import DraftPages
from forms_server.web.registers.requested_register import asked_register, blueprint


def _drafted(register_id: str) -> Register:
    """The register; 404 for a survey: what is typed on its papers is kept nowhere."""
    register = asked_register(register_id)
    return abort(404) if register.survey else register


row_drafts = DraftPages(
    blueprint,
    "register_id",
    "row_id",
    _drafted,
    row_store.find,
    lambda _: register_row,
    {drafts.NEW, drafts.EDIT}.__contains__,
)
