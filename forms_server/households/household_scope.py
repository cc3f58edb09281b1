"""Which households of the roster an account may see.

A township's people see those of their township, someone bound to a village those of the village. County units visit
households everywhere and choose among all, as the office does; an inspector sees those of the units assigned to it.
"""

from sqlalchemy import ColumnElement, false, true

from checklist.model import Campaign
from forms_server.access import FILERS, Role
from forms_server.account import Account
from forms_server.db.tables import household


def in_township(campaign: Campaign, account: Account) -> bool:
    """Whether the account belongs to a township, whose people go to every household of it."""
    return account.unit_code in {unit.code for unit in campaign.units.townships}


def condition(campaign: Campaign, account: Account) -> ColumnElement[bool]:
    """The condition that a query on the roster carries for an account."""
    if account.role is Role.OFFICE:
        return true()
    if account.role is Role.INSPECTOR:
        return household.c.township_code.in_(sorted(account.inspects))
    if account.role not in FILERS:
        return false()
    if account.village_code:
        return household.c.village_code == account.village_code
    return household.c.township_code == account.unit_code if in_township(campaign, account) else true()
