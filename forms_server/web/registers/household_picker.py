"""The household of a row: found in the roster by village and name on a page of its own, or typed where none is."""

from uuid import UUID

from flask import g, render_template, request

from checklist.model import FieldType, Register
from checklist.values.village_names import village_names
from forms_server.desk import Desk, NotFound
from forms_server.households import roster
from forms_server.households.persons import members_of
from forms_server.households.roster import Household
from forms_server.records.record import ANOTHER
from forms_server.registers.row_subject import RowSubject
from forms_server.visits import household_search
from forms_server.visits.visit_progress import has_roster
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.read_names import note_read
from forms_server.web.records.requested_record import chosen_household, desk
from forms_server.web.registers.requested_register import PERIOD, asked_period, asked_register, blueprint
from forms_server.web.visits.visit_list_page import sought_in_address, villages

CHOSEN = "household"
"""Name of the chosen household in the address of the form."""


@blueprint.get("/<register_id>/household")
def pick_household(register_id: str) -> str:
    """Look for the household of a new row, among those that the account sees."""
    register, sought = asked_register(register_id), sought_in_address()
    campaign = services().campaign
    form = campaign.household_form
    with desk() as at:
        found, number = household_search.search(at, form, sought) if form else ((), 0)
        too_wide = household_search.is_too_wide(at, sought)
    households = [each.household for each in found]
    note_read("household", [(each.id, each.township_code) for each in households])
    return render_template(
        "registers/pick_household.html",
        form=register,
        period=asked_period(register, request.args.get(PERIOD, "")),
        sought=sought,
        found=households,
        number=number,
        too_wide=too_wide,
        villages=villages(),
        village_names=village_names(campaign),
    )


def picks_household(at: Desk, register: Register) -> bool:
    """Whether a register's household is chosen from a roster that there is."""
    named = any(field.type is FieldType.HOUSEHOLD for field in register.fields)
    if not named or register.survey or at.campaign.household_form is None:
        return False
    return has_roster(at.connection, at.campaign, g.account)


def household_in_address(at: Desk) -> Household | None:
    """The household that was chosen for a new row, if the account sees it."""
    try:
        return roster.get(at, str(UUID(request.args.get(CHOSEN, ""))))
    except (ValueError, NotFound):
        return None


def posted_subject() -> RowSubject:
    """What a posted form says of the household, beside its name; namesakes are asked about."""
    chosen = chosen_household()
    return RowSubject(None if chosen == ANOTHER else chosen, another=chosen == ANOTHER, asks=True)


def known_texts(register: Register, household: Household) -> dict[str, str]:
    """What is known of a row's fields once its household is chosen."""
    named = {FieldType.HOUSEHOLD: household.householder, FieldType.VILLAGE: household.village_code}
    return {field.id: named[field.type] for field in register.fields if field.type in named}


def offer_members(at: Desk, register: Register, fields: RecordFields, household_id: str | None) -> None:
    """Offer the names of a household's persons beside the field of the person; another name may be typed."""
    field = register.person_field
    if field and household_id:
        fields.suggest(field.id, members_of(at.connection, household_id))
