"""The built site: its links, what it fetches, and that building twice gives the same files."""

import gzip
import posixpath
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from bs4 import BeautifulSoup

from build_scripts.atomic_files import refuse_strangers
from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook.site_build import OURS, build, handbook_of
from build_scripts.handbook.stylesheet import STYLE, palette
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign

FIRST_LOAD = 250_000
"""Bytes at most that a first page needs, without the printed handbook."""
FETCHING = {"img": "src", "script": "src", "link": "href", "iframe": "src", "source": "src", "use": "href"}


@cache
def soups(site: Path) -> dict[str, BeautifulSoup]:
    return {
        path.relative_to(site).as_posix(): BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for path in sorted(site.rglob("*.html"))
    }


def links(page: str, soup: BeautifulSoup) -> Iterator[tuple[str, str]]:
    """Path and anchor of every link to the site itself; links to the form server and elsewhere are left out."""
    for tag in soup.find_all(["a", "link", "script", "img"]):
        address = str(tag.get("href") or tag.get("src") or "")
        parts = urlsplit(address)
        if not address or parts.scheme or parts.netloc:
            continue
        path = (
            posixpath.normpath(posixpath.join(posixpath.dirname(page), unquote(parts.path)))
            if parts.path
            else page
        )
        if path != ".." and not path.startswith(("../records/", "../registers/", "../visits/")):
            yield path, unquote(parts.fragment)


def dead_links(site: Path) -> list[str]:
    made = soups(site)
    ids = {page: {str(tag["id"]) for tag in soup.find_all(id=True)} for page, soup in made.items()}
    dead = []
    for page, soup in made.items():
        for path, anchor in links(page, soup):
            there = f"{path}/index.html" if (site / path).is_dir() else path
            if not (site / there).is_file() or (anchor and anchor not in ids.get(there, {anchor})):
                dead.append(f"{page}: {path}#{anchor}")
    return dead


@pytest.mark.parametrize("which", ["site", "real_site"])
def test_no_link_and_no_anchor_is_dead(which: str, request: pytest.FixtureRequest) -> None:
    assert dead_links(request.getfixturevalue(which)) == []


@pytest.mark.parametrize("which", ["site", "real_site"])
def test_nothing_is_fetched_from_elsewhere(which: str, request: pytest.FixtureRequest) -> None:
    site: Path = request.getfixturevalue(which)
    for page, soup in soups(site).items():
        for name, attribute in FETCHING.items():
            for tag in soup.find_all(name):
                assert "//" not in str(tag.get(attribute, "")), f"{page}: {tag}"
    for style in site.rglob("*.css"):
        assert not re.search(r"(url\(|@import)\s*['\"]?(https?:)?//", style.read_text(encoding="utf-8")), (
            style
        )


def test_the_stylesheet_begins_with_the_palette(site: Path) -> None:
    assert (site / STYLE).read_text(encoding="utf-8").startswith(palette())


@pytest.mark.parametrize("which", ["site", "real_site"])
def test_pages_have_one_title_and_no_id_twice(which: str, request: pytest.FixtureRequest) -> None:
    for page, soup in soups(request.getfixturevalue(which)).items():
        article = soup.find("article")
        assert article, page
        ids = [str(tag["id"]) for tag in article.find_all(id=True)]
        assert len(ids) == len(set(ids)), page
        assert len(soup.find_all("h1")) == 1, page


def test_headings_keep_the_addresses_that_others_link_to(site: Path, campaign: Campaign) -> None:
    made = soups(site)
    for area, item in campaign.item_by_id.values():
        found = made[f"areas/{area.number:02d}-{area.id}.html"].find(id=item.id)
        assert found
        assert found.name == "h3"
    for form in campaign.record_forms:
        for field in form.fields:
            assert made[f"forms/{form.id}.html"].find(id=f"{form.id}-{field.id}")


def test_the_way_to_the_form_leads_out_of_the_handbook(site: Path) -> None:
    soup = soups(site)["areas/01-income.html"]
    buttons = [str(tag["href"]) for tag in soup.select("a.md-button")]
    assert "../../records/household-issues/new?item=income-drop" in buttons


def test_building_twice_gives_identical_files(
    site: Path, campaign: Campaign, summary: tuple[SummaryRow, ...], tmp_path: Path
) -> None:
    build(handbook_of(campaign, summary), tmp_path / "again")
    names = sorted(path.relative_to(site) for path in site.rglob("*") if path.is_file())
    again = tmp_path / "again"
    assert Path("sitemap.xml") not in names  # it would carry the day of the build
    assert names == sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert [name for name in names if (site / name).read_bytes() != (again / name).read_bytes()] == []


def test_the_site_is_named_for_its_campaign(site: Path, real_site: Path) -> None:
    for built, name in ((site, "小排查工作手册"), (real_site, "回头看工作手册")):
        soup = soups(built)["index.html"]
        assert soup.title
        assert soup.title.get_text() == name
        assert soup.html
        assert soup.html["lang"] == "zh"
        assert soup.select_one("meta[name=description][content*=排查内容]")


def test_another_campaign_gives_another_site(tmp_path: Path) -> None:
    other = load_campaign(PROJECT / "tests" / "campaigns" / "2023-autumn-fire")
    build(handbook_of(other), tmp_path / "site")
    assert dead_links(tmp_path / "site") == []
    text = "".join(soup.get_text() for soup in soups(tmp_path / "site").values())
    assert "回头看" not in text
    assert other.notice.title in text


def visible(site: Path) -> str:
    """What a reader can read on all pages, without white space."""
    return "".join("".join(soup.get_text() for soup in soups(site).values()).split())


def test_every_word_of_the_notice_is_in_the_handbook(real_site: Path, real_campaign: Campaign) -> None:
    text, notice = visible(real_site), real_campaign.notice
    clauses = [notice.preamble, notice.scope.text, notice.tasks.text, notice.number, notice.title]
    clauses += [f"{phase.name}（{phase.period}）" for phase in notice.phases]
    clauses += ["".join(task.text for task in phase.tasks) for phase in notice.phases]
    clauses += ["".join(each.clauses) for each in notice.requirements]
    clauses += [f"【责任单位：{area.responsible_text}】" for area in real_campaign.areas]
    clauses += [item.text for _, item in real_campaign.item_by_id.values()]
    assert [clause for clause in clauses if "".join(clause.split()) not in text] == []


def test_every_item_is_two_clicks_from_home(real_site: Path, real_campaign: Campaign) -> None:
    made = soups(real_site)
    first = {path for path, _ in links("index.html", made["index.html"])}
    for area, item in real_campaign.item_by_id.values():
        page = f"areas/{area.number:02d}-{area.id}.html"
        assert page in first
        assert (page, item.id) in set(links(page, made[page]))


def test_a_first_page_is_light_on_the_wire(real_site: Path) -> None:
    """Gzipped, as the server sends it, with the search index, which the theme fetches at once."""
    kept: dict[Path, int] = {}

    def weight(path: Path) -> int:
        if path not in kept:
            kept[path] = len(gzip.compress(path.read_bytes(), 6))
        return kept[path]

    always = [
        real_site / "search" / "search_index.json",
        *(real_site / "assets" / "javascripts").rglob("search.*.js"),
    ]
    heavy = {}
    for page, soup in soups(real_site).items():
        tags = [
            tag
            for tag in soup.find_all(["script", "link", "img"])
            if not {"canonical", "next", "prev"} & set(tag.get("rel") or ())
        ]
        named = {str(tag.get("src") or tag.get("href") or "").partition("?")[0] for tag in tags}
        files = {(real_site / page).parent / name for name in named if name}
        total = sum(weight(path.resolve()) for path in [*files, *always, real_site / page] if path.is_file())
        if total > FIRST_LOAD and page != "print.html":
            heavy[page] = total
    assert heavy == {}


@pytest.mark.parametrize("which", ["site", "real_site"])
def test_a_built_site_is_taken_for_ours_and_replaced(which: str, request: pytest.FixtureRequest) -> None:
    """A folder of pages that the list of ours does not know would let the second build fail."""
    refuse_strangers(request.getfixturevalue(which), OURS, "手册")
