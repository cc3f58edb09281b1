"""The household that was picked for a form, and the names of its members, which are offered beside the person's."""

from uuid import UUID

from flask import request

from checklist.model import FilledForm
from forms_server.desk import Desk, NotFound
from forms_server.households import roster
from forms_server.households.persons import members_of
from forms_server.households.roster import Household
from forms_server.records.record import ANOTHER
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import chosen_household

CHOSEN = "household"
"""Name of the picked household in the address of the form."""


def household_in_address(at: Desk) -> Household | None:
    """The household that was picked for a new form, if any.

    Raises:
        NotFound: the account does not see it.
    """
    try:
        picked = str(UUID(request.args.get(CHOSEN, "")))
    except ValueError:
        return None
    return roster.get(at, picked)


def kept_choice() -> str:
    """Id of the household that was sent along, for the page that comes back; empty for none of the known ones.

    That answer holds for one name: with another name typed on the page, it would make a second household of it.
    """
    chosen = chosen_household() or ""
    return "" if chosen == ANOTHER else chosen


def offer_members(at: Desk, form: FilledForm, fields: RecordFields, household_id: str | None) -> None:
    """Offer the names of a household's members beside the field of the person; another name may be typed.

    A household that the account does not see offers none, whatever id was sent.
    """
    field = form.person_field
    if field is None or not household_id:
        return
    try:
        fields.suggest(field.id, members_of(at.connection, roster.get(at, household_id).id))
    except NotFound:
        return
