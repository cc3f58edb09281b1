"""What waits in a browser: mended, merged, kept from others, told of, and sent where browsers offer little."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from forms_server.db import tables
from tests.outbox.conftest import BAD_GATEWAY, Line, Phone
from tests.outbox.test_breaks import Afternoon, all_sent, offline, until
from tests.outbox.typed_forms import ISSUE, arrived, begin_issue, content, end_issue, picture, submit

NO_COPIES = "async () => !(await caches.keys()).some(name => name.startsWith('pages-'))"
CANARY = "金丝雀某某"


def test_what_the_server_refuses_and_what_others_changed_is_mended_on_its_own_page(
    phone: Phone, tmp_path: Path
) -> None:
    afternoon, page = Afternoon(phone, tmp_path), phone.page
    record_id = afternoon.stored_issue()
    page.goto(ISSUE)
    begin_issue(page, 91)
    end_issue(page)
    page.locator("[name=deadline]").fill("2022年2月30日")
    offline(phone)
    submit(page)
    expect(page.locator("[data-outbox] strong")).to_have_text("1")
    offline(phone, False)
    expect(page.locator(".sending-box")).to_contain_text("没有这一天")

    page.goto(f"/records/household-issues/{record_id}/edit")
    page.locator("[name=content]").fill(content(92))
    page.locator("[name=measures]").fill("我这边改的措施。")
    afternoon.at_the_desk(
        f"/records/household-issues/{record_id}/edit",
        **{"base-version": "1", **_as_stored(page), "measures": "那边改的措施。"},
    )
    offline(phone)
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()
    offline(phone, False)
    expect(page.locator(".sending-box")).to_contain_text("服务器没有收下")

    page.goto("/outbox/")
    rows = page.locator("[data-outbox-list] li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("没有这一天")
    rows.nth(1).get_by_role("button", name="打开修改").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("核对两边的修改")
    expect(page.locator("main")).to_contain_text("那边改的措施。")
    assert "我这边改的措施。" in page.locator("[name=measures]").input_value()
    submit(page, "保存合并后的内容")
    arrived(page)

    page.goto("/outbox/")
    page.get_by_role("button", name="打开修改").click()
    expect(page.locator("#error-deadline")).to_be_visible()
    page.locator("[name=deadline]").fill("8月底前")
    submit(page)
    arrived(page)
    page.goto("/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    expect(page.locator("[data-receipt-list] li").first).to_contain_text(re.compile(r"第 \d+ 条，\d{4}年"))


def test_a_page_that_stays_open_sends_by_itself_once_the_server_answers(phone: Phone, line: Line) -> None:
    page = phone.page
    page.clock.install()
    page.goto(ISSUE)
    begin_issue(page, 93)
    end_issue(page)
    line.fault = BAD_GATEWAY
    submit(page)
    expect(page.locator(".sending-box")).to_contain_text("服务器没有回音")
    line.fault = ""
    page.clock.fast_forward("01:00")
    expect(page.locator(".sending-box")).to_contain_text("服务器已收到")


def _as_stored(page: Page) -> dict[str, str]:
    """The fields as the page was opened with, for another device that changes one of them."""
    fields: dict[str, str] = page.evaluate(
        """() => Object.fromEntries([...document.querySelectorAll("form[data-send] .form-control, form[data-send] .form-select")]
          .filter(each => each.name && !each.disabled && each.type !== "file")
          .map(each => [each.name, each.tagName === "SELECT"
            ? [...each.options].find(option => option.defaultSelected)?.value ?? "" : each.defaultValue]))"""
    )
    return fields


def test_nobody_else_sends_or_reads_what_waits_and_signing_out_asks_first(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page = phone.page
    page.goto(ISSUE)
    begin_issue(page, 93)
    end_issue(page)
    page.locator("[name=householder]").fill(CANARY)
    page.locator("[name=content]").fill(CANARY)
    offline(phone)
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    offline(phone, False)
    line.fault = "502"

    questions: list[str] = []
    page.on("dialog", lambda dialog: (questions.append(dialog.message), dialog.accept()))
    page.goto("/")
    page.locator(".account-menu summary").click()
    page.evaluate("document.querySelector('form[data-sign-out] button').click()")
    line.fault = ""
    page.wait_for_url(re.compile("/sign-in"))
    assert len(questions) == 1
    assert "还有 1 份没有发送" in questions[0]
    until(page, NO_COPIES)

    posts = len(line.posts)
    phone.sign_in("另一个人")
    page.goto("/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    assert set(line.posts[posts:]) <= {"/late/standing"}  # the sign-in page asks, and sends nothing
    phone.close()
    everything = b"".join(path.read_bytes() for path in phone.profile.rglob("*") if path.is_file())
    assert len(everything) > 100_000
    for encoding in ("utf-8", "utf-16-le"):
        assert CANARY.encode(encoding) not in everything

    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    all_sent(page)
    page.goto("/outbox/")
    expect(page.locator("[data-receipt-list] li")).to_have_count(1)


def test_over_plain_http_the_open_page_keeps_and_sends(phone: Phone, line: Line) -> None:
    assert phone.context
    address = line.address.replace("127.0.0.1", "office.test")
    phone.context.add_cookies([{"name": "huitoukan", "value": line.token("填报人"), "url": address}])
    page = phone.page
    page.goto(f"{address}{ISSUE}")
    assert (
        page.evaluate("[isSecureContext, Boolean(crypto.subtle), 'serviceWorker' in navigator]")
        == [False] * 3
    )
    begin_issue(page, 94)
    end_issue(page)
    offline(phone)
    submit(page)
    expect(page.locator(".sending-box")).to_contain_text("没有网络")
    offline(phone, False)
    expect(page.locator(".sending-box")).to_contain_text("服务器已收到")
    page.goto(f"{address}/outbox/")
    expect(page.locator("[data-plain]")).to_be_visible()
    until(page, "async () => (await outbox.entries())[0].state === 'sent'")


def test_a_disabled_account_hands_in_what_it_had_not_sent(phone: Phone, line: Line, tmp_path: Path) -> None:
    phone.sign_in("要走的人")
    page = phone.page
    page.goto(ISSUE)
    begin_issue(page, 95)
    end_issue(page, picture(tmp_path, 95))
    offline(phone)
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    line.end_sessions("要走的人", disable=True)
    page.close()
    offline(phone, False)
    page = phone.page
    page.goto("/")
    expect(page.locator("[data-handed-in]")).to_contain_text("1 份已交给办公室")
    page.goto("/sign-in")
    until(page, "async () => !(await browserStore.leftBy()).length")
    with line.app.extensions["huitoukan"].engine.connect() as connection:
        (row,) = connection.execute(select(tables.late_entry)).mappings()
        photos = connection.execute(select(tables.late_file.c.content)).scalars().all()
    assert row["title"].startswith("登记户内问题：户主")
    assert ["content", content(95).replace("\n", "\r\n")] in row["typed"]
    assert photos == [picture(tmp_path, 95).read_bytes()]


def test_who_answers_and_by_when_is_copied_from_the_last_one(phone: Phone) -> None:
    phone.sign_in("抄写的人")
    page = phone.page
    page.goto(ISSUE)
    copy = page.get_by_role("button", name="复制上一条的责任人、时限")
    expect(copy).to_be_hidden()
    begin_issue(page, 96)
    end_issue(page)
    submit(page)
    arrived(page)
    page.goto(ISSUE)
    copy.click()
    for name, text in (
        ("responsible_person", "王某某"),
        ("responsible_unit", "河长办"),
        ("deadline", "8月底前"),
    ):
        expect(page.locator(f".form-control[name={name}]")).to_have_value(text)
    expect(page.locator("[name=content]")).to_have_value("")


def test_a_form_that_leads_back_to_its_own_page_asks_for_it_once(phone: Phone) -> None:
    page = phone.page
    page.goto("/report/")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.is_navigation_request() else None)
    page.locator("main textarea").first.fill("走访了柳树村。")
    page.get_by_role("button", name="保存自查报告").click()
    expect(page.locator("main")).to_contain_text("已保存自查报告")
    assert len(asked) == 1, "a second request finds the flashed sentence gone"
