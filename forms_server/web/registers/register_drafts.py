"""Drafts of rows, by the pages that keep those of records."""

from forms_server.db.tables import register_row
from forms_server.records import drafts
from forms_server.registers import row_store
from forms_server.web.records.draft_pages import DraftPages
from forms_server.web.registers.requested_register import asked_register, blueprint

row_drafts = DraftPages(
    blueprint,
    "register_id",
    "row_id",
    asked_register,
    row_store.find,
    lambda _: register_row,
    {drafts.NEW, drafts.EDIT},
)
