"""Whom the office telephones in each unit: kept here only, for the pages that urge; in nothing that is published."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import delete, select

from forms_server import audit
from forms_server.db.engine import insert_or
from forms_server.db.tables import unit_contact
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.scope import sees_all

LONGEST_PERSON, LONGEST_PHONE = 60, 40

PHONE_FAULT = "电话只写数字、横线、空格，几个电话用顿号隔开，例如 0557-5021234、13800000000"
_PHONE = re.compile(r"[0-9+()转 、-]{5,}")


@dataclass(frozen=True)
class UnitContact:
    """A person and a telephone number, either of which may be empty."""

    person: str = ""
    phone: str = ""

    @property
    def words(self) -> str:
        """Both, as far as they are known."""
        return " ".join(each for each in (self.person, self.phone) if each)


def contacts(desk: Desk) -> Mapping[str, UnitContact]:
    """The contacts by unit code, for the office alone."""
    if not sees_all(desk.account):
        return {}
    query = select(unit_contact).where(unit_contact.c.campaign_id == desk.campaign.id)
    return {row.unit_code: UnitContact(row.person, row.phone) for row in desk.connection.execute(query)}


def is_phone(typed: str) -> bool:
    """Whether a text is one or several telephone numbers, or nothing."""
    return not typed or _PHONE.fullmatch(typed) is not None


def clean(typed: str) -> str:
    """Fold full-width characters and blanks."""
    return " ".join(unicodedata.normalize("NFKC", typed).replace(",", "、").split())


def save_contact(desk: Desk, unit_code: str, person: str, phone: str) -> None:
    """Upsert a unit's contact, or delete it if both are empty. The audit does not hold it.

    Args:
        desk: of the office.
        unit_code: whose.
        person, phone: cleaned.

    Raises:
        NotAllowed: the account is not the office's.
        NotFound: no such unit.
    """
    if not sees_all(desk.account):
        raise NotAllowed("联系人由办公室填写。")
    if unit_code not in {unit.code for unit in desk.campaign.filing_units}:
        raise NotFound(unit_code)
    if contacts(desk).get(unit_code, UnitContact()) == UnitContact(person, phone):
        return
    key = {"campaign_id": desk.campaign.id, "unit_code": unit_code}
    if person or phone:
        values = {"person": person, "phone": phone, "changed_by": desk.account.id, "changed_at": desk.now}
        statement = insert_or(desk.connection, unit_contact).values(**key, **values)
        desk.connection.execute(statement.on_conflict_do_update(index_elements=[*key], set_=values))
    else:
        same = (unit_contact.c[name] == value for name, value in key.items())
        desk.connection.execute(delete(unit_contact).where(*same))
    audit.record(desk.connection, desk.now, desk.account, unit_contact.name, unit_code, "edit", alters=False)
