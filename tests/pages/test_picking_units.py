"""Responsible units with script: ticks and text follow each other, the lead comes first, and the text alone is sent."""

import pytest
from playwright.sync_api import Browser, Page

from tests.pages.conftest import Demonstration

SENT = """form => [...new FormData(document.querySelector(form))]
    .filter(([name]) => name.endsWith("responsible_unit")).map(([, text]) => text)"""


def box(page: Page, unit: str) -> None:
    page.locator(f".unit-picker:visible input[value={unit}]").first.click()


@pytest.mark.parametrize("sheet", [False, True], ids=["form", "visit"])
def test_units_are_picked_beside_the_text(
    demonstration: Demonstration, browser: Browser, sheet: bool
) -> None:
    with demonstration.signed_in(browser, "reporter") as context:
        page = context.new_page()
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(str(error)))
        if sheet:
            page.goto("/visits/annex-1-1/")
            page.locator("a.btn:has-text('接着填')").first.click()
            page.locator("details.area[open] fieldset.item input[value=problem]").first.check()
        else:
            page.goto("/records/annex-1-1/new")
        text = page.locator("input[name$=responsible_unit][type=text]:visible").first
        text.fill("王某某、水利局")
        page.locator(".unit-picker:visible summary").first.click()
        box(page, "县住建局")
        assert text.input_value() == "王某某、水利局、县住建局"
        page.locator("[data-lead=县住建局]").first.click()
        assert text.input_value() == "县住建局、王某某、水利局"
        box(page, "县水利局")
        assert text.input_value() == "县住建局、王某某"
        form = "[data-visit]" if sheet else "[data-record-form]"
        assert page.evaluate(SENT, form)[0] == "县住建局、王某某"
        assert page.evaluate(SENT, form).count("县住建局") == 0
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        assert wrong == []
