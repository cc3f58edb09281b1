"""Keyboard navigation without JavaScript: skip link, menu groups, pages."""

from playwright.sync_api import Browser, expect

from tests.pages.conftest import Demonstration


def test_the_menu_opens_and_leads_on_by_keyboard_alone(
    demonstration: Demonstration, browser: Browser
) -> None:
    with demonstration.signed_in(browser, "reporter") as context:
        page = context.new_page()
        page.goto("/")
        page.keyboard.press("Tab")
        skip = page.get_by_role("link", name="跳到正文")
        expect(skip).to_be_focused()
        expect(skip).to_be_in_viewport()

        group = page.locator(".menu > summary", has_text="报送")
        while not group.evaluate("each => each === document.activeElement"):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement !== document.body"), (
                "the menu is not in the way of Tab"
            )
        assert group.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="零报告").first).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", level=1)).to_have_text("零报告")
        expect(page.locator(".menu-current")).to_have_text("报送")
