"""What the site holds besides its pages: the calendar, the blank workbooks, and the script for folders and printing."""

import json
from collections.abc import Mapping
from importlib.resources import files

from build_scripts.handbook import addresses
from build_scripts.handbook.campaign_calendar import calendar_bytes
from build_scripts.workbooks.blank_books import blank_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign, ReportForm

SCRIPT = "assets/handbook.js"


def files_of(campaign: Campaign) -> Mapping[str, bytes]:
    """Path below the site's root to contents, the same bytes for the same campaign."""
    blanks = {
        addresses.blank_file(form): to_xlsx(blank_book(form.id, campaign))
        for form in campaign.forms
        if not isinstance(form, ReportForm)
    }
    return {addresses.calendar_file(campaign): calendar_bytes(campaign), **blanks, SCRIPT: _script(campaign)}


def _script(campaign: Campaign) -> bytes:
    """The script, with the campaign's sentence for readers who have opened the handbook from a folder."""
    contact = campaign.notice.contact
    words = f"离线手册里不能登记。登记系统的地址和账号问{contact.office}，电话 {contact.phone}。"
    code = files("build_scripts.handbook").joinpath("handbook.js").read_text(encoding="utf-8")
    return code.replace('"INSTEAD"', json.dumps(words, ensure_ascii=False)).encode()
