"""E-mail addresses for reminders, set and removed by each account itself (opt-in)."""

import unicodedata
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Connection, delete, or_, select, update

from forms_server import audit
from forms_server.account import Account
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.db.engine import insert_or
from forms_server.db.tables import account as accounts
from forms_server.db.tables import mail_address
from forms_server.mail import LONGEST, is_mail_address

__all__ = ["FAULT", "LONGEST", "clean", "of", "reminded", "save", "to_remind"]

FAULT = "邮箱应写成 zhang@example.cn 这样；不要提醒邮件就空着"


def clean(typed: str) -> str | None:
    """Normalize a typed address, empty for none; None if invalid."""
    address = unicodedata.normalize("NFKC", typed).strip()
    return address if not address or is_mail_address(address) else None


def save(connection: Connection, at: datetime, account: Account, address: str) -> None:
    """Upsert the account's address, or delete it if empty. The audit does not hold it."""
    if address == of(connection, account):
        return
    if address:
        values = {"address": address, "changed_at": at}
        statement = insert_or(connection, mail_address).values(account_id=account.id, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["account_id"], set_=values))
    else:
        connection.execute(delete(mail_address).where(mail_address.c.account_id == account.id))
    audit.record(
        connection, at, account, "account", account.id, "mail" if address else "mail-end", alters=False
    )


def of(connection: Connection, account: Account) -> str:
    """The account's address; empty without one."""
    query = select(mail_address.c.address).where(mail_address.c.account_id == account.id)
    return connection.execute(query).scalar() or ""


def to_remind(connection: Connection, today: date) -> Sequence[tuple[Account, str]]:
    """Accounts with an address that have had no mail today, by name."""
    query = (
        select(*ACCOUNT_COLUMNS, mail_address.c.address)
        .join(mail_address, mail_address.c.account_id == accounts.c.id)
        .where(
            accounts.c.disabled.is_(False),
            or_(mail_address.c.reminded_on.is_(None), mail_address.c.reminded_on < today),
        )
        .order_by(accounts.c.name)
    )
    return [(Account.from_row(row), row.address) for row in connection.execute(query)]


def reminded(connection: Connection, account: Account, today: date) -> None:
    """Mark today's mail to the account as sent."""
    same = mail_address.c.account_id == account.id
    connection.execute(update(mail_address).where(same).values(reminded_on=today))
