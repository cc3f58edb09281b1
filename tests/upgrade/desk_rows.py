"""What the office's desk keeps, for the home that a version leaves behind."""

from uuid import UUID, uuid5

from forms_server.desk import Desk
from forms_server.figures import wall_address
from forms_server.records import chosen_columns, saved_filters
from forms_server.reminders import unit_contacts


def keep_desk(desk: Desk) -> None:
    """What the office's desk keeps: a contact, the wall's address, a filter."""
    unit_contacts.save_contact(desk, desk.campaign.filing_units[0].code, "王某某", "0557-5021234")
    wall_address.renew(desk)
    form = desk.campaign.record_forms[0].id
    saved_filters.keep(desk, str(uuid5(UUID(desk.account.id), "filter")), form, "逾期的", "overdue=1")
    chosen_columns.choose_columns(desk, form, ("village", "content", "deadline"))
