"""Which visits an account may see: its unit's, its village's; the office all, an inspector those of its units."""

from sqlalchemy import ColumnElement, false, true

from forms_server.access import READERS, Role
from forms_server.account import Account
from forms_server.db.tables import visit


def condition(account: Account) -> ColumnElement[bool]:
    """The condition that a query on visits carries for an account."""
    bound = account.village_code is not None and account.role is not Role.OFFICE
    return of_unit(account) & (visit.c.village_code == account.village_code) if bound else of_unit(account)


def of_unit(account: Account) -> ColumnElement[bool]:
    """The same without the village, for a query that has its households' village in another condition."""
    if account.role is Role.OFFICE:
        return true()
    if account.role is Role.INSPECTOR:
        return visit.c.unit_code.in_(sorted(account.inspects))
    return visit.c.unit_code == account.unit_code if account.role in READERS else false()
