"""Visit pages: choice of household, sheet, result, and progress."""

from forms_server.web.visits import (
    progress_page,
    visit_draft_pages,
    visit_list_page,
    visit_page,
    visit_sheet_page,
    visit_start_page,
)
from forms_server.web.visits.requested_visit import blueprint

__all__ = [
    "blueprint",
    "progress_page",
    "visit_draft_pages",
    "visit_list_page",
    "visit_page",
    "visit_sheet_page",
    "visit_start_page",
]
