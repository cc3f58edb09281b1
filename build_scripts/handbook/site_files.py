"""Files of the site beside its pages: the calendar, the blank workbooks, pictures, and the script."""

import json
from collections.abc import Mapping
from importlib.resources import files

from build_scripts.handbook import page_urls
from build_scripts.handbook.campaign_calendar import calendar_bytes
from build_scripts.handbook.system_pages import picture_files
from build_scripts.workbooks.blank_workbooks import blank_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign, ReportForm

SCRIPT = "assets/handbook.js"


def files_of(campaign: Campaign) -> Mapping[str, bytes]:
    """Return path to content, byte-identical for the same campaign."""
    blanks = {
        page_urls.blank_file(form): to_xlsx(blank_book(form.id, campaign))
        for form in campaign.forms
        if not isinstance(form, ReportForm)
    }
    calendar = {page_urls.calendar_file(campaign): calendar_bytes(campaign)}
    return {**calendar, **blanks, **picture_files(campaign), SCRIPT: _script(campaign)}


def _script(campaign: Campaign) -> bytes:
    """Return the script, with the campaign's sentence for readers on ``file://``."""
    contact = campaign.notice.contact
    words = f"离线手册里不能登记。登记系统的地址和账号问{contact.office}，电话 {contact.phone}。"
    code = files("build_scripts.handbook").joinpath("handbook.js").read_text(encoding="utf-8")
    return code.replace('"INSTEAD"', json.dumps(words, ensure_ascii=False)).encode()
