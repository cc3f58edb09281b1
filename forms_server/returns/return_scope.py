"""Who may see a unit's return: whoever sees all of its records."""

from forms_server.access import FILERS, Role
from forms_server.account import Account


def may_read(account: Account, unit_code: str) -> bool:
    """Whether this person may see what a unit hands in; someone bound to a village sees no whole unit's."""
    if account.role is Role.OFFICE:
        return True
    if account.role is Role.INSPECTOR:
        return unit_code in account.inspects
    own = account.unit_code == unit_code and account.village_code is None
    return own and (account.role in FILERS or account.role is Role.DEPARTMENT)
