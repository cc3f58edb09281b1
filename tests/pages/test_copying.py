"""What is to be passed on is copied with one tap, in a real browser, with https and without."""

import pytest
from playwright.sync_api import Browser, expect

from tests.pages.conftest import Demonstration

NO_CLIPBOARD = "Object.defineProperty(navigator, 'clipboard', {value: undefined})"
"""As a browser has it on a page that came without https."""


@pytest.mark.parametrize("before", ["", NO_CLIPBOARD])
def test_the_text_for_the_telephone(demonstration: Demonstration, browser: Browser, before: str) -> None:
    with demonstration.signed_in(browser, "office") as context:
        context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = context.new_page()
        page.add_init_script(before)
        page.goto("/returns/telephone")
        page.get_by_role("button", name="复制全文").click()
        expect(page.locator("[data-copied]")).to_have_text("已复制")
        text = page.locator("#telephone").input_value()
        assert "催办名单" in text
        other = context.new_page()  # nothing is taken from it there
        other.goto("/")
        assert other.evaluate("navigator.clipboard.readText()") == text


def test_without_scripts_there_is_no_button(demonstration: Demonstration, browser: Browser) -> None:
    with demonstration.signed_in(browser, "office", scripts=False) as context:
        page = context.new_page()
        page.goto("/returns/telephone")
        expect(page.get_by_role("button", name="复制全文")).to_be_hidden()
        expect(page.locator("#telephone")).to_be_visible()
