"""Light and dark: as the system is, or as was chosen here or in the handbook; paper is always white."""

import json

import pytest
from playwright.sync_api import Browser, Page

from build_scripts.handbook.stylesheet import palette
from tests.pages.conftest import Demonstration

GROUND = "() => getComputedStyle(document.body).backgroundColor"
INK = "() => getComputedStyle(document.body).color"
WHITE, BLACK = "rgb(255, 255, 255)", "rgb(0, 0, 0)"
KEY = "/handbook/.__palette"
CHOSEN = {"light": "default", "dark": "slate"}


def is_dark(page: Page) -> bool:
    red, green, blue = (int(part) for part in page.evaluate(GROUND).strip("rgb()").split(","))
    return red + green + blue < 300


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("system", ["light", "dark"])
def test_a_page_is_as_the_system_is(
    demonstration: Demonstration, browser: Browser, system: str, scripts: bool
) -> None:
    with demonstration.signed_in(browser, "office", scripts=scripts) as context:
        page = context.new_page()
        page.emulate_media(color_scheme=system)  # type: ignore[arg-type]
        page.goto("/")
        assert is_dark(page) == (system == "dark")


@pytest.mark.parametrize("chosen", CHOSEN)
def test_what_was_chosen_in_the_handbook_holds_here(
    demonstration: Demonstration, browser: Browser, chosen: str
) -> None:
    with demonstration.signed_in(browser, "reporter") as context:
        page = context.new_page()
        page.emulate_media(color_scheme="dark" if chosen == "light" else "light")
        page.goto("/")
        color = {"media": f"(prefers-color-scheme: {chosen})", "scheme": CHOSEN[chosen]}
        page.evaluate("([key, kept]) => localStorage.setItem(key, kept)", [KEY, json.dumps({"color": color})])
        page.goto("/returns/")
        assert is_dark(page) == (chosen == "dark")


def test_the_switch_goes_round_and_keeps_the_choice(demonstration: Demonstration, browser: Browser) -> None:
    with demonstration.signed_in(browser, "reporter") as context:
        page = context.new_page()
        page.emulate_media(color_scheme="dark")
        page.goto("/")
        seen = []
        for _ in range(3):
            page.locator(".account-menu summary").click()
            page.locator("[data-scheme-switch]").click()
            index = json.loads(page.evaluate("key => localStorage.getItem(key)", KEY))["index"]
            page.reload()
            seen.append((index, is_dark(page)))
        assert seen == [(1, False), (2, True), (0, True)]


def test_paper_is_white_and_its_words_are_black(demonstration: Demonstration, browser: Browser) -> None:
    with demonstration.signed_in(browser, "office") as context:
        page = context.new_page()
        page.emulate_media(color_scheme="dark", media="print")
        for scheme in (None, "slate"):
            page.goto("/")
            if scheme:
                page.evaluate("scheme => (document.documentElement.dataset.mdColorScheme = scheme)", scheme)
            assert (page.evaluate(GROUND), page.evaluate(INK)) == (WHITE, BLACK)


def test_the_server_has_the_handbooks_palette(demonstration: Demonstration, browser: Browser) -> None:
    with demonstration.signed_in(browser, "office") as context:
        assert context.request.get("/static/palette.css").text() == palette()
