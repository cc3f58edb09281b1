"""Formatting shared by several kinds of page: numerals, dates, lists of units and villages."""

from collections.abc import Iterable
from datetime import date, datetime

from build_scripts.handbook.addresses import reference_target, to
from build_scripts.handbook.markdown import link
from checklist.model import Area, Campaign

_DIGITS = "零一二三四五六七八九"
_WEEKDAYS = "一二三四五六日"


def numeral(number: int) -> str:
    """Format a number from 1 to 99 in Chinese: 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones else "")


def area_title(area: Area) -> str:
    """Return an area's name with its number, as the notice prints it: （一）…方面."""
    return f"（{numeral(area.number)}）{area.name}"


def day(when: date) -> str:
    """2022年8月31日."""
    return f"{when.year}年{when.month}月{when.day}日"


def moment(when: datetime) -> str:
    """2022年8月31日（周三）12:00."""
    return f"{day(when)}（周{_WEEKDAYS[when.weekday()]}）{when:%H:%M}"


def who(campaign: Campaign, here: str, references: Iterable[str]) -> str:
    """Render units and groups as links, in the notice's order."""
    named = (reference_target(campaign, reference) for reference in references)
    return "、".join(link(name, to(here, page, anchor)) for name, page, anchor in named)
