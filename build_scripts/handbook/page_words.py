"""Words shared by several kinds of page: titles of areas, lists of units, whose rule a fact is."""

from collections.abc import Iterable, Mapping

from build_scripts.handbook.markdown import link
from build_scripts.handbook.page_urls import reference_target, to
from checklist.chinese_numerals import write_numeral
from checklist.model import Area, Campaign, Fact
from checklist.model.guidance import Reach

REACHES: Mapping[Reach, str] = {
    "national": "全国",
    "anhui": "安徽省",
    "suzhou": "宿州市",
    "county": "本县",
    "other-county": "外县做法，不是本县标准",
    "other-province": "外省做法，不是本县标准",
}
IN_NOTICE = "通知也有规定"
_ELSEWHERE = frozenset({"other-county", "other-province"})


def is_elsewhere(fact: Fact) -> bool:
    """Whether a fact holds in another county or province, and is no standard here."""
    return fact.reach in _ELSEWHERE


def area_title(area: Area) -> str:
    """Return an area's name with its number, as the notice prints it: （一）…方面."""
    return f"（{write_numeral(area.number)}）{area.name}"


def who(campaign: Campaign, here: str, references: Iterable[str]) -> str:
    """Render units and groups as links, in the notice's order."""
    named = (reference_target(campaign, reference) for reference in references)
    return "、".join(link(name, to(here, page, anchor)) for name, page, anchor in named)
