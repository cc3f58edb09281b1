"""The chapter on the server: its pictures are of the campaign that the handbook is of, or none."""

import re
from pathlib import Path

from build_scripts.handbook.site_files import files_of
from build_scripts.handbook.system_pages import system_pages, topics
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign

SHIPPED = PROJECT / "checklist" / "2022-huitoukan"
SCHOOL = Path(__file__).parents[1] / "campaigns" / "2023-spring-school"
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)]+)\)")


def shown(campaign: Campaign) -> list[str]:
    text = "\n".join(system_pages(campaign).values())
    return [where.rpartition("/")[2] for where in _PICTURE.findall(text)]


def written(campaign: Campaign) -> set[str]:
    return {path.rpartition("/")[2] for path in files_of(campaign) if path.endswith(".webp")}


def test_a_campaign_with_pictures_of_its_own_shows_each_step_s() -> None:
    campaign = load_campaign(SHIPPED)
    assert len(shown(campaign)) == sum(len(topic.parts) for topic in topics())
    assert set(shown(campaign)) == written(campaign)


def test_another_campaign_shows_no_pictures_of_this_county() -> None:
    school = load_campaign(SCHOOL)
    assert shown(school) == []
    assert written(school) == set()
    pages = system_pages(school)
    assert pages.keys() == system_pages(load_campaign(SHIPPED)).keys()
    assert all("steps" in text or "1. " in text for text in pages.values() if "填报系统怎么用" not in text)


def test_pictures_that_no_page_shows_are_left_out() -> None:
    school = load_campaign(SCHOOL).model_copy(update={"pictures": {"other.webp": b"RIFF"}})
    assert written(school) == set()
