"""Which records an account may see: its own unit's, its own village's if it is bound to one; the office sees all."""

from sqlalchemy import ColumnElement, Table, false, true

from forms_server.access import READERS, Role, may_read_unit
from forms_server.accounts.account import Account
from forms_server.records.mapping import Row


def condition(table: Table, account: Account) -> ColumnElement[bool]:
    """The condition that a query on a table of records carries for an account."""
    if account.role not in READERS:
        return false()
    if account.role is Role.OFFICE:
        return true()
    own = table.c.unit_code == account.unit_code
    return own & (table.c.village_code == account.village_code) if account.village_code else own


def within(row: Row, account: Account) -> bool:
    """Whether the account may see a row; the same as ``condition``, for a row that was read already."""
    return may_read_unit(account, row["unit_code"]) and account.village_code in (None, row["village_code"])
