"""What people type and send is not lost, in a real browser: merging, drafts, photographs, namesakes, many at once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import delete

from forms_server.account import Role
from forms_server.accounts import account_store, passwords
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.pages.conftest import Demonstration

LEDGER = "/records/annex-1-1/"
PASSWORD = "qiu-shou-2022-ok"


@pytest.fixture
def reporter(demonstration: Demonstration, browser: Browser) -> Iterator[BrowserContext]:
    """A township's reporter at a phone."""
    with demonstration.signed_in(browser, "reporter") as context:
        yield context


def label(page: Page, words: str):
    """The field with that label."""
    return page.get_by_label(re.compile(f"^{words}"))


def fits(page: Page) -> None:
    """Nothing sticks out to the side."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def an_open_issue(page: Page) -> str:
    """The address of an issue that the unit found itself and is rectifying: a team's words are not the unit's to edit."""
    page.goto(f"{LEDGER}?state=rectifying&whose=own&source=self")
    address = page.get_by_role("link", name=re.compile("^打开")).first.get_attribute("href")
    assert address
    return address


def test_two_editors_are_merged_field_by_field(
    demonstration: Demonstration, browser: Browser, reporter: BrowserContext
) -> None:
    mine = reporter.new_page()
    record = an_open_issue(mine)
    mine.goto(f"{record}/edit")
    with demonstration.signed_in(browser, "principal", 1280) as other:
        theirs = other.new_page()
        theirs.goto(f"{record}/edit")
        label(theirs, "具体内容").fill("他人改过的内容。")
        label(theirs, "整改措施").fill("他人改过的措施。")
        theirs.get_by_role("button", name="保存修改").click()
        expect(theirs.get_by_text("已保存修改。")).to_be_visible()
    label(mine, "具体内容").fill("我改的内容。")
    label(mine, "责任人").fill("我改的责任人")
    mine.get_by_role("button", name="保存修改").click()

    expect(mine.get_by_role("heading", level=1)).to_have_text("核对两边的修改")
    fits(mine)
    content, measures, person = (
        mine.locator("fieldset", has_text=words) for words in ("具体内容", "整改措施", "责任人")
    )
    expect(content).to_contain_text("他人改过的内容。")
    expect(content.get_by_role("textbox")).to_have_value("我改的内容。")
    expect(measures.get_by_role("radio").first).to_be_checked()
    expect(person.get_by_role("radio").last).to_be_checked()
    content.get_by_role("radio").first.check()
    content.get_by_role("textbox").fill("我再改的内容。")
    expect(content.get_by_role("radio").last).to_be_checked()
    mine.get_by_role("button", name="保存合并后的内容").click()

    facts = mine.locator(".facts")
    for words in ("我再改的内容。", "他人改过的措施。", "我改的责任人"):
        expect(facts).to_contain_text(words)


def test_photographs_are_made_small_sent_and_removed(reporter: BrowserContext, tmp_path: Path) -> None:
    photo = tmp_path / "屋顶.jpg"
    Image.effect_noise((3000, 2200), 90).convert("RGB").save(photo, "JPEG", quality=92)
    page = reporter.new_page()
    page.goto(an_open_issue(page))
    before = page.locator("#photos .card-box").first
    chooser = before.locator("input[type=file]")
    chooser.set_input_files(photo)
    page.wait_for_function(
        "most => document.querySelector('#photos input[type=file]').files[0].size < most",
        arg=photo.stat().st_size,
    )
    expect(before.get_by_role("button", name="上传")).to_be_enabled()
    before.get_by_role("button", name="上传").click()

    shown = before.locator(".photos img")
    expect(shown).to_have_count(1)
    shown.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.photos img').naturalWidth > 0")
    fits(page)
    before.get_by_text("删除", exact=True).click()
    before.get_by_role("button", name="确定删除这张").click()
    expect(page.get_by_text("已删除照片。")).to_be_visible()
    expect(page.locator(".photos img")).to_have_count(0)


def test_a_namesake_is_asked_about_before_it_is_stored(reporter: BrowserContext) -> None:
    page = reporter.new_page()

    def propose(reason: str) -> None:
        page.goto("/records/proposed-household/new")
        label(page, "村").select_option(index=1)
        label(page, "户类型").select_option(label="一般农户")
        label(page, "主要风险").select_option(label="基本医疗")
        typed = {"户主姓名": "欧阳某某", "人数": "3", "拟识别理由": reason, "排查人": "李某某"}
        for words, text in {**typed, "识别日期": "2022-08-15"}.items():
            label(page, words).fill(text)
        page.get_by_role("button", name="登记", exact=True).click()

    propose("户主住院。")
    expect(page.get_by_text("已登记。")).to_be_visible()
    propose("房屋受灾。")
    question = page.get_by_role("alert")
    expect(question).to_contain_text("是同一户吗")
    expect(question).to_contain_text("户主住院。")
    expect(question).to_be_focused()
    fits(page)
    page.get_by_role("button", name="不是同一户，仍然保存").click()
    expect(page.locator(".facts")).to_contain_text("房屋受灾。")


def test_a_draft_and_what_was_sent_outlive_the_session(
    demonstration: Demonstration, browser: Browser
) -> None:
    engine, now = demonstration.services.engine, demonstration.services.clock.now()
    unit = demonstration.services.campaign.units.townships[1]
    with transaction(engine) as connection:
        new = account_store.NewAccount("草稿", unit.code, Role.REPORTER, None, "周某某")
        hashed = passwords.hash_password(PASSWORD)
        account = account_store.add(connection, now, None, new, hashed, must_change_password=False)

    def end_sessions() -> None:
        with transaction(engine) as connection:
            connection.execute(delete(tables.session).where(tables.session.c.account_id == account))

    def sign_in() -> None:
        page.get_by_label("账号", exact=True).fill("草稿")
        page.get_by_label("密码", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="登录").click()

    with demonstration.signed_in(browser, "草稿") as context:
        page = context.new_page()
        page.goto(f"{LEDGER}new")
        label(page, "具体内容").fill("写到一半的内容。")
        expect(page.get_by_text("草稿已保存")).to_be_visible()
        end_sessions()
        page.goto(f"{LEDGER}new")
        sign_in()
        offer = page.locator(".draft-offer").filter(
            visible=True
        )  # one, though server and browser both kept it
        expect(offer).to_contain_text("填到一半")
        page.get_by_role("button", name="接着填").click()
        expect(label(page, "具体内容")).to_have_value("写到一半的内容。")

        end_sessions()
        page.get_by_role("button", name="登记", exact=True).click()
        expect(page.locator(".sending-box")).to_contain_text("登录已过期")
        fits(page)
        page.get_by_role("link", name="去登录").click()
        sign_in()
        page.get_by_role("link", name="待发送 1").click()
        expect(page.locator("[data-outbox-list]")).to_contain_text("要改")
        page.get_by_role("button", name="打开修改").click()
        expect(label(page, "具体内容")).to_have_value("写到一半的内容。")
        expect(page.get_by_role("alert")).to_contain_text("填的内容都还在")
        fits(page)


def test_many_are_done_at_once_by_keyboard_and_without_scripts(
    demonstration: Demonstration, browser: Browser
) -> None:
    with demonstration.signed_in(browser, "office", scripts=False) as context:
        page = context.new_page()
        page.goto(f"{LEDGER}?state=rectified")
        boxes = page.get_by_role("checkbox", name=re.compile("^选中"))
        for number in (0, 1):
            boxes.nth(number).focus()
            page.keyboard.press("Space")
        titles = page.locator("tr:has(:checked) .open .visually-hidden").all_text_contents()
        page.get_by_role("button", name="退回").focus()
        page.keyboard.press("Enter")
        for title in titles:
            expect(page.locator("main")).to_contain_text(title.removeprefix("："))
        label(page, "退回理由").fill("补拍照片。")
        fits(page)
        page.get_by_role("button", name="确认退回").press("Enter")
        expect(page.get_by_text("已退回 2 条")).to_be_visible()
        expect(page).to_have_url(re.compile(r"annex-1-1/\?state=rectified$"))
