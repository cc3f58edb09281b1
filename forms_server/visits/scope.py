"""Which visits an account may see: its unit's, its village's; the office all, an inspector those of its units."""

from sqlalchemy import ColumnElement, false, true

from forms_server.access import READERS, Role
from forms_server.accounts.account import Account
from forms_server.db.tables import visit


def condition(account: Account) -> ColumnElement[bool]:
    """The condition that a query on visits carries for an account."""
    if account.role is Role.OFFICE:
        return true()
    if account.role is Role.INSPECTOR:
        return visit.c.unit_code.in_(sorted(account.inspects))
    if account.role not in READERS:
        return false()
    own = visit.c.unit_code == account.unit_code
    return own & (visit.c.village_code == account.village_code) if account.village_code else own
