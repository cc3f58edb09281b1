"""The e-mail with a day's reminders: its subject and its text."""

from collections.abc import Callable, Sequence
from datetime import date

from checklist.date_formats import short_day
from checklist.model import Campaign
from forms_server.reminders.due_reminders import Reminder


def mail_subject(campaign: Campaign, today: date) -> str:
    """Return the subject, with the day in it."""
    return f"{campaign.notice.short_name}提醒（{short_day(today)}）"


def mail_text(
    campaign: Campaign, link: Callable[[Reminder], str], what: Sequence[Reminder], witness: str = ""
) -> str:
    """Return the plain text: each reminder with its address, and who sent it.

    Args:
        link: the absolute address of a reminder's page.
        what: the reminders of one account, the most urgent first.
        witness: of the audit (``audit_witness``), for whoever will want to prove that it was rewritten.
    """
    lines = [line for each in what for line in (f"· {each.words}", f"  {link(each)}")]
    closing = f"{campaign.notice.issuer}，电话 {campaign.notice.contact.phone}。这封信由系统发出，不用回复。"
    noted = [f"审计见证 {witness}（办公室日后核对审计记录用，请留着这封信）"] if witness else []
    return "\n".join([f"{campaign.notice.short_name}，今天请办：", "", *lines, "", closing, *noted, ""])
