"""The e-mail with a day's reminders: its subject and its text."""

from collections.abc import Callable, Sequence
from datetime import date

from checklist.date_formats import short_day
from checklist.model import Campaign
from forms_server.reminders.due_reminders import Reminder


def mail_subject(campaign: Campaign, today: date) -> str:
    """Return the subject, with the day in it."""
    return f"{campaign.notice.short_name}提醒（{short_day(today)}）"


def mail_text(campaign: Campaign, link: Callable[[Reminder], str], what: Sequence[Reminder]) -> str:
    """Return the plain text: each reminder with its address, and who sent it.

    Args:
        link: the absolute address of a reminder's page.
        what: the reminders of one account, the most urgent first.
    """
    lines = [line for each in what for line in (f"· {each.words}", f"  {link(each)}")]
    closing = f"{campaign.notice.issuer}，电话 {campaign.notice.contact.phone}。这封信由系统发出，不用回复。"
    return "\n".join([f"{campaign.notice.short_name}，今天请办：", "", *lines, "", closing, ""])
