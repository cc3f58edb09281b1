"""The site in a real browser: accessible, responsive, and with hints for filing when opened from a folder."""

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Page

from build_scripts.counting.summary_lines import SummaryRow
from build_scripts.handbook.site_build import build, handbook_of
from checklist.model import Campaign
from tests.handbook.axe import violations
from tests.search.driving import served

PAGES = (
    "index", "notice", "areas/index", "areas/02-guarantees", "roles/index", "roles/reporter", "phases/index",
    "phases/conclusion", "units/index", "units/341322001", "forms/index", "forms/annex-1-1", "forms/annex-2",
    "summary/index", "summary/341322001", "answers", "policies/index", "policies/chronic-disease", "glossary", "print",
)  # fmt: skip
SOME = tuple(name for name in PAGES if name.startswith(("index", "areas/02", "forms/annex", "summary/index")))
SCREENS = {
    # The printed page holds all the others and takes as long as they do.
    ("light", 1280): PAGES,
    ("dark", 390): tuple(name for name in PAGES if name != "print"),
    ("light", 390): SOME,
    ("dark", 1280): SOME,
}


@pytest.fixture(scope="module")
def figures(real_campaign: Campaign) -> tuple[SummaryRow, ...]:
    """Counts from none to many, so that every shade of the map is there."""
    units, kinds = real_campaign.filing_units, real_campaign.problem_types
    return tuple(
        SummaryRow(unit.code, unit.name, kind.id, kind.name, count, count // 2, count - count // 2, 0, 0,
                   "yes" if count else "zero")
        for row, unit in enumerate(units) for column, kind in enumerate(kinds) if (count := row * column % 40) >= 0
    )  # fmt: skip


@pytest.fixture(scope="module")
def folder(
    real_campaign: Campaign, figures: tuple[SummaryRow, ...], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    out = tmp_path_factory.mktemp("stick") / "工作 手册"
    build(handbook_of(real_campaign, figures), out)
    return out


@pytest.fixture(scope="module")
def root(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(("scheme", "width"), SCREENS)
def test_axe_finds_no_violation_and_nothing_is_wider_than_the_screen(
    scheme: str, width: int, browser: Browser, root: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    found = {}
    for name in SCREENS[scheme, width]:
        page.goto(f"{root}{name}.html")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        found[name] = violations(page) + ([f"{wide} too wide"] if wide > 0 else [])
    context.close()
    assert {name: faults for name, faults in found.items() if faults} == {}


def test_from_a_folder_the_buttons_give_way_to_where_one_files(page: Page, folder: Path) -> None:
    page.goto(f"file://{quote(str(folder))}/areas/02-guarantees.html#guarantees-08")
    assert page.locator("a.to-server").count() == 0
    sentence = page.locator("#guarantees-08 ~ .actions .instead").first.inner_text()
    assert "登记系统的地址和账号问萧县巩固拓展脱贫攻坚成果专项小组办公室，电话 2207626" in sentence


def test_from_a_server_the_buttons_stay(page: Page, root: str) -> None:
    page.goto(f"{root}areas/02-guarantees.html")
    assert page.locator("a.to-server").count() > 0
    assert page.locator(".instead").count() == 0


def test_one_item_is_printed_alone(page: Page, root: str) -> None:
    page.add_init_script("window.print = () => { window.printed = document.documentElement.className }")
    page.goto(f"{root}areas/02-guarantees.html")
    page.emulate_media(media="print")
    page.evaluate("document.querySelectorAll('.actions button')[10].click()")
    assert "print-one" in page.evaluate("window.printed")
    shown = page.locator("article h3:visible").all_inner_texts()
    assert shown == ["8. 房屋是否开裂漏雨"]
    assert not page.locator("h2:visible").all_inner_texts()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("article h3:visible").count() > 10


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_choice_of_light_or_dark_is_kept_where_the_server_looks_for_it(
    page: Page, root: str, choice: str
) -> None:
    page.emulate_media(color_scheme="dark" if choice == "light" else "light")
    page.goto(f"{root}areas/index.html")
    for _ in range({"light": 1, "dark": 2}[choice]):
        page.locator("header label[for^=__palette]:visible").click()
    kept = json.loads(page.evaluate("localStorage.getItem('/.__palette')"))
    assert kept["color"]["media"] == f"(prefers-color-scheme: {choice})"
    scheme = page.locator("body").get_attribute("data-md-color-scheme")
    assert scheme == kept["color"]["scheme"]


def test_paper_is_white_and_its_words_are_black(page: Page, root: str) -> None:
    page.emulate_media(color_scheme="dark", media="print")
    page.goto(f"{root}areas/02-guarantees.html")
    looks = "style => [style.color, style.backgroundColor]"
    assert (
        page.evaluate(f"({looks})(getComputedStyle(document.querySelector('article p')))")[0]
        == "rgb(0, 0, 0)"
    )
    assert page.evaluate(f"({looks})(getComputedStyle(document.body))")[1] == "rgb(255, 255, 255)"
