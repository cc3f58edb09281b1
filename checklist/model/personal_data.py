"""``personal_data.yml``: what is held about persons, why, and how long (个人信息保护法, articles 17, 19 and 47)."""

from datetime import date
from typing import Annotated

from pydantic import Field as Attribute

from checklist.model.base import Id, Node, Text


class HeldData(Node):
    """One kind of personal data."""

    id: Id
    whose: Text
    """Whose data they are: 农户户主."""
    what: Text
    why: Text
    """The purpose, and the law or notice that it rests on."""
    readers: Text
    """Who can read them."""


class PersonalData(Node):
    """``personal_data.yml``."""

    kinds: tuple[HeldData, ...] = ()
    retention_months: Annotated[int, Attribute(ge=1, le=120)] = 24
    """Months after the deadline of returns until names are taken out."""
    afterwards: Text = "到期后隐去姓名，只留数字。"
    """What is done then, in a sentence."""
    requests: Text = "要查阅、更正、删除自己家信息的，请联系专项小组办公室。"
    """How somebody asks to read, mend or delete what is held."""

    def kept_until(self, ended: date) -> date:
        """The last day of retention of a campaign that ended on a day."""
        years, month = divmod(ended.month - 1 + self.retention_months, 12)
        return date(ended.year + years, month + 1, min(ended.day, 28))
