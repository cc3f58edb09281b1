"""The pages of the ledgers: list, new record, record, edit, report rectified, withdraw."""

from forms_server.web.photos import photo_pages
from forms_server.web.records import (
    bulk_pages,
    draft_pages,
    edit_page,
    filing_pages,
    found_issues_page,
    ledger_list_pages,
    ledger_page,
    move_pages,
    record_page,
    saved_filter_pages,
)
from forms_server.web.records.requested_record import blueprint

__all__ = [
    "blueprint",
    "bulk_pages",
    "draft_pages",
    "edit_page",
    "filing_pages",
    "found_issues_page",
    "ledger_list_pages",
    "ledger_page",
    "move_pages",
    "photo_pages",
    "record_page",
    "saved_filter_pages",
]
