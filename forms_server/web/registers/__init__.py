"""The pages of registers: list, new row, row, edit, next period, roll-up, public notice."""

from forms_server.web.registers import (
    doubt_page,
    exemption_pages,
    household_picker,
    register_drafts,
    register_list_page,
    register_workbook_pages,
    roll_up_page,
    roll_up_workbook_page,
    round_page,
    row_form_pages,
    row_page,
    row_photo_pages,
    survey_sample_page,
    trail_page,
)
from forms_server.web.registers.requested_register import blueprint

__all__ = [
    "blueprint",
    "doubt_page",
    "exemption_pages",
    "household_picker",
    "register_drafts",
    "register_list_page",
    "register_workbook_pages",
    "roll_up_page",
    "roll_up_workbook_page",
    "round_page",
    "row_form_pages",
    "row_page",
    "row_photo_pages",
    "survey_sample_page",
    "trail_page",
]
