"""Long lists narrow by a few letters and to the township, and a calendar stands beside days that may be typed."""

from playwright.sync_api import Browser, Page, expect

from tests.pages.conftest import Demonstration

NEW = "/records/annex-1-1/new"


def county_unit(demonstration: Demonstration) -> str:
    """The account of a unit that files for the whole county."""
    return demonstration.services.campaign.units.county_units[0].code


def offered(page: Page) -> list[str]:
    """The villages that the list offers."""
    options = page.locator("select[name=village] option[value]:not([value=''])")
    return [words.strip() for words in options.all_text_contents()]


def test_villages_are_found_by_a_few_letters_and_follow_the_township(
    demonstration: Demonstration, browser: Browser
) -> None:
    with demonstration.signed_in(browser, county_unit(demonstration)) as context:
        page = context.new_page()
        page.goto(NEW)
        village, township = page.locator("select[name=village]"), page.locator("select[name=township]")
        search = page.get_by_role("searchbox", name="输入几个字找村")
        everything = offered(page)
        assert len(everything) == 277
        assert not any("委会" in name or "委员会" in name for name in everything)

        search.press_sequentially("岱湖")
        assert offered(page) == ["岱湖社区"]
        expect(village).to_have_value("341322001005")
        expect(township.locator("option:checked")).to_have_text("凤城街道")

        search.fill("")
        township.select_option(label="丁里镇")
        expect(village).to_have_value("")
        own = offered(page)
        assert 0 < len(own) < 30
        assert "河头村" in own
        township.select_option("")
        assert offered(page) == everything

        search.fill("河")
        search.press("Enter")  # takes the first, and sends nothing
        expect(village).to_be_focused()
        assert "河" in str(village.locator("option:checked").text_content())
        expect(page).to_have_url(demonstration.address + NEW)

        page.get_by_label("在日历上选日期").fill("2022-08-31")
        expect(page.get_by_label("整改时限", exact=False).first).to_have_value("2022年8月31日")


def test_without_scripts_the_list_is_whole(demonstration: Demonstration, browser: Browser) -> None:
    with demonstration.signed_in(browser, county_unit(demonstration), scripts=False) as context:
        page = context.new_page()
        page.goto(NEW)
        assert len(offered(page)) == 277
        assert page.locator("select[name=village] optgroup").count() > 20
        expect(page.get_by_role("searchbox")).to_have_count(0)
