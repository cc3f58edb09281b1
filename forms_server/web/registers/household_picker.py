"""The household of a row: picked from the roster on a page of its own, or typed where none is."""

from flask import g, request, url_for

from checklist.model import FieldType, Register
from forms_server.desk import Desk
from forms_server.households.roster import Household
from forms_server.records.record import ANOTHER
from forms_server.registers.row_subject import RowSubject
from forms_server.visits.visit_progress import has_roster
from forms_server.web.records.requested_record import chosen_household
from forms_server.web.registers.requested_register import (
    PERIOD,
    asked_period,
    asked_register,
    blueprint,
)
from forms_server.web.visits.household_choice import choice_page


@blueprint.get("/<register_id>/household")
def pick_household(register_id: str) -> str:
    """Look for the household of a new row, among those that the account sees."""
    register = asked_register(register_id)
    period = asked_period(register, request.args.get(PERIOD, ""))
    here = url_for("registers.pick_household", register_id=register.id)

    def form_with(household_id: str | None) -> str:
        return url_for(
            "registers.new", register_id=register.id, household=household_id, period=period or None
        )

    return choice_page(register, here, {PERIOD: period}, form_with)


def picks_household(at: Desk, register: Register) -> bool:
    """Whether a register's household is chosen from a roster that there is."""
    named = any(field.type is FieldType.HOUSEHOLD for field in register.fields)
    if not named or register.survey or at.campaign.household_form is None:
        return False
    return has_roster(at.connection, at.campaign, g.account)


def posted_subject() -> RowSubject:
    """What a posted form says of the household, beside its name; namesakes are asked about."""
    chosen = chosen_household()
    return RowSubject(None if chosen == ANOTHER else chosen, another=chosen == ANOTHER, asks=True)


def known_texts(register: Register, household: Household) -> dict[str, str]:
    """What is known of a row's fields once its household is chosen."""
    named = {FieldType.HOUSEHOLD: household.householder, FieldType.VILLAGE: household.village_code}
    return {field.id: named[field.type] for field in register.fields if field.type in named}
