"""Formatting shared by several kinds of page: titles of areas, lists of units and villages."""

from collections.abc import Iterable

from build_scripts.handbook.markdown import link
from build_scripts.handbook.page_urls import reference_target, to
from checklist.chinese_numerals import write_numeral
from checklist.model import Area, Campaign


def area_title(area: Area) -> str:
    """Return an area's name with its number, as the notice prints it: （一）…方面."""
    return f"（{write_numeral(area.number)}）{area.name}"


def who(campaign: Campaign, here: str, references: Iterable[str]) -> str:
    """Render units and groups as links, in the notice's order."""
    named = (reference_target(campaign, reference) for reference in references)
    return "、".join(link(name, to(here, page, anchor)) for name, page, anchor in named)
