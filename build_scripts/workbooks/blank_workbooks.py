"""Blank workbooks, by the form's id."""

from build_scripts.workbooks.record_layout import blank_record_book
from build_scripts.workbooks.summary_layout import blank_summary_book
from build_scripts.workbooks.workbook_values import Book
from checklist.messages import say
from checklist.model import Campaign, RecordForm, SummaryTable, Unit


class NoSuchBlank(LookupError):
    """No such form; the message is a sentence for users."""


def blank_book(form_id: str, campaign: Campaign, unit: Unit | None = None) -> Book:
    """Return the blank workbook of a form.

    Args:
        form_id: of a table; reports have no workbook.
        campaign: gives the form.
        unit: provides name and villages; None for any.

    Raises:
        NoSuchBlank: the campaign has no such form.
    """
    form = campaign.form_by_id.get(form_id)
    if isinstance(form, RecordForm):
        return blank_record_book(form, campaign, unit)
    if isinstance(form, SummaryTable):
        return blank_summary_book(campaign, unit)
    known = [form.id for form in campaign.forms if isinstance(form, RecordForm | SummaryTable)]
    raise NoSuchBlank(say("workbook-no-form", typed=form_id, known=known))
