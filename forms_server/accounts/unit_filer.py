"""Who files for a unit: in whose name its ledgers are imported, and which units have nobody."""

from collections.abc import Iterable

from sqlalchemy import Connection

from checklist.messages import say
from checklist.model import Unit
from forms_server.access import FILERS, SIGNERS
from forms_server.account import Account
from forms_server.accounts.account_store import all_accounts


class NoFiler(LookupError):
    """A unit without an account that can file for it; the message is a sentence for users."""


def without_account(connection: Connection, codes: Iterable[str]) -> list[str]:
    """Codes of the units whose people cannot sign in: nobody there is told of anything."""
    active = {
        each.unit_code for each in all_accounts(connection) if each.role in FILERS and not each.disabled
    }
    return [code for code in codes if code not in active]


def filer_of(connection: Connection, unit: Unit) -> Account:
    """Return the account of a unit's principal, or of a reporter for the whole unit.

    Raises:
        NoFiler: the unit has none.
    """
    filers = [
        account
        for account in all_accounts(connection)
        if account.unit_code == unit.code
        and account.role in FILERS
        and not account.disabled
        and not account.village_code
    ]
    for account in sorted(filers, key=lambda filer: filer.role not in SIGNERS):
        return account
    raise NoFiler(say("unit-without-filer", unit=unit.name, unit_code=unit.code))
