"""What breaks harder than a line: photographs that are gone, error pages, clocks set back, what no key opens."""

from pathlib import Path
from unittest.mock import patch

from playwright.sync_api import Route, expect
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from forms_server.accounts import sessions
from forms_server.db import tables
from forms_server.db.engine import transaction
from tests.builders import WEST
from tests.outbox.conftest import BAD_GATEWAY, DOWN, Line, Phone, within
from tests.outbox.test_breaks import KEPT, UNSENT, Afternoon, all_sent, offline, until
from tests.outbox.typed_forms import ISSUE, arrived, begin_issue, content, end_issue, picture, submit

SAFE = "document.querySelector('form[data-send]').kept.safe"
UNREADABLE = "Response.prototype.arrayBuffer = () => Promise.reject(new DOMException('', 'NotReadableError'))"


def test_a_photograph_that_is_gone_takes_nothing_with_it(phone: Phone, tmp_path: Path) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    page.goto("/")
    until(page, KEPT)
    page.goto(ISSUE)
    photo = picture(tmp_path, 31)
    page.locator("input[name=photos]").set_input_files(photo)
    until(page, SAFE)
    photo.unlink()  # it was read when it was chosen
    begin_issue(page, 31)
    end_issue(page)
    offline(phone)
    submit(page)
    expect(page.locator(".sending-box")).to_contain_text("和 1 张照片")
    offline(phone, False)
    all_sent(page)

    page.goto(ISSUE)
    page.evaluate(f"() => {{ window.readable = Response.prototype.arrayBuffer; {UNREADABLE} }}")
    page.locator("input[name=photos]").set_input_files(picture(tmp_path, 32))
    expect(page.locator("[data-illegible]")).to_contain_text("照片32.jpg")
    begin_issue(page, 32)
    end_issue(page)
    until(page, SAFE)
    assert page.evaluate("async () => (await browserStore.all('typed')).length") == 1
    offline(phone)
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    offline(phone, False)
    all_sent(page)

    filed = {row.content: row.id for row in afternoon.rows(select(tables.issue.c.id, tables.issue.c.content))}
    assert {content(31), content(32)} <= set(filed)
    photos = afternoon.rows(select(tables.photo.c.issue_id))
    assert [row.issue_id for row in photos if row.issue_id in filed.values()] == [filed[content(31)]]


def test_error_pages_leave_the_key_where_it_is(phone: Phone) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    page.goto("/handbook/nowhere/")
    broken = OperationalError("", {}, Exception("disk I/O error"))
    with patch.object(sessions, "find", side_effect=broken):
        page.goto("/records/household-issues/")
        expect(page.locator("h1")).to_contain_text("系统")
    offline(phone)
    page.goto(ISSUE)
    begin_issue(page, 33)
    until(page, SAFE)
    phone.line.end_sessions("填报人")
    offline(phone, False)
    page.goto("/sign-in")
    until(page, "async () => !(await browserStore.rows('keys')).length")


def test_what_no_key_opens_keeps_nothing_else_waiting(phone: Phone) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    offline(phone)
    for number in (34, 35):
        page.goto(ISSUE)
        begin_issue(page, number)
        end_issue(page)
        submit(page)
        expect(page.locator(".sending-box")).to_be_visible()
    page.evaluate(
        """async () => {
          const [{ id }] = await outbox.unsent()
          await browserStore.change("entries", id, kept => ({ ...kept, content: { ...kept.content, iv: new Uint8Array(12) } }))
        }"""
    )
    offline(phone, False)
    page.goto("/outbox/")
    expect(page.locator("[data-outbox-list] li")).to_have_count(1)
    expect(page.locator("[data-outbox-list]")).to_contain_text("打不开")
    expect(page.locator("[data-receipt-list]")).to_contain_text("户主丁己")


def test_a_clock_that_is_set_back_turns_no_order_round(phone: Phone, line: Line, tmp_path: Path) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    record = f"/records/household-issues/{afternoon.stored_issue()}"
    page.add_init_script("const now = Date.now; Date.now = () => now() + Number(sessionStorage.ahead || 0)")
    page.goto(f"{record}/edit")
    page.evaluate("sessionStorage.ahead = 40 * 86400000")
    line.fault = BAD_GATEWAY
    page.locator("[name=measures]").fill("另请人看。")
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()
    page.evaluate("sessionStorage.ahead = 0")
    page.goto(f"{record}/report")
    page.locator("textarea").first.fill("已换瓦，没有再漏。")
    submit(page, "报告已整改")
    expect(page.locator(".sending-box")).to_be_visible()
    assert page.evaluate(UNSENT) == 2
    line.fault = ""
    line.posts.clear()
    all_sent(page)  # the later one builds on the earlier one's version
    assert list(dict.fromkeys(line.posts)) == [f"{record}/edit", f"{record}/report"]
    columns = tables.issue.c.measures, tables.issue.c.outcome, tables.issue.c.version
    stored = afternoon.rows(select(*columns).where(tables.issue.c.id == record.rpartition("/")[2]))
    assert stored == [("另请人看。", "已换瓦，没有再漏。", 3)]


def test_what_was_typed_for_a_unit_that_is_left_is_not_counted_for_another(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    phone.sign_in("调走的人")
    page.goto("/")
    until(page, KEPT)
    offline(phone)
    page.goto(ISSUE)
    begin_issue(page, 36)
    end_issue(page, picture(tmp_path, 36))
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    with transaction(line.app.extensions["huitoukan"].engine) as connection:
        of = tables.account.c.name == "调走的人"
        connection.execute(update(tables.account).where(of).values(unit_code=WEST))
    offline(phone, False)
    page.goto("/outbox/")
    row = page.locator("[data-outbox-list] li")
    expect(row).to_contain_text("请照着重新填一份")
    row.locator("summary").click()
    expect(row.locator("dl")).to_contain_text("西屋山墙有裂缝")
    expect(row.locator("dl")).to_contain_text("柳林村")
    expect(row.get_by_role("link", name="存下照片")).to_have_attribute("download", "照片36.jpg")
    row.get_by_role("button", name="打开修改").click()  # there is no form for it: the words stay in sight
    expect(row.locator("dl")).to_be_visible()
    filed = afternoon.rows(select(tables.issue.c.content))
    assert content(36) not in {row.content for row in filed}


def test_what_was_being_mended_is_not_replaced_by_what_was_refused(phone: Phone) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    page.goto(ISSUE)
    begin_issue(page, 37)
    end_issue(page)
    page.locator("[name=deadline]").fill("2022年2月30日")
    submit(page)
    expect(page.locator("#error-deadline")).to_be_visible()
    until(page, "Boolean(document.querySelector('form[data-send]').kept)")
    page.locator("[name=measures]").fill("改到一半的措施。")
    until(page, SAFE)
    phone.kill()
    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    page.goto("/outbox/")
    page.get_by_role("button", name="打开修改").click()
    expect(page.locator("[name=measures]")).to_have_value("改到一半的措施。")
    page.locator("[name=deadline]").fill("8月底前")
    submit(page)
    arrived(page)
    page.goto("/outbox/")
    expect(page.locator("[data-outbox-empty]")).to_be_visible()
    expect(page.locator("[data-typed]")).to_be_hidden()


def test_words_that_are_changed_while_the_earlier_ones_are_on_their_way_are_sent_too(
    phone: Phone, line: Line
) -> None:
    page, held = phone.page, []

    def hold(route: Route) -> None:
        held.append(route)

    page.goto("/")
    until(page, KEPT)
    page.goto(ISSUE)
    begin_issue(page, 38)
    end_issue(page)
    line.fault = BAD_GATEWAY
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    line.fault = ""
    with page.expect_request(f"**{ISSUE}"):
        page.route(f"**{ISSUE}", hold, times=1)
        page.evaluate("dispatchEvent(new Event('online'))")
    page.get_by_role("button", name="取回来改").click()
    page.locator("[name=content]").fill("改过的话。")
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    held[0].continue_()
    expect(page.locator(".sending-box")).to_contain_text("改了内容又提交了一次")
    page.goto("/outbox/")
    page.locator("[data-outbox-list] summary").click()
    expect(page.locator("[data-outbox-list]")).to_contain_text("改过的话。")


def test_blank_forms_open_while_the_front_is_down(phone: Phone, line: Line) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    line.fault = DOWN
    page.goto(ISSUE)
    begin_issue(page, 39)
    end_issue(page)
    submit(page)
    expect(page.locator(".sending-box")).to_contain_text("服务器没有回音")
    line.fault = ""
    all_sent(page)


def test_a_page_that_had_no_key_yet_keeps_what_is_typed_once_there_is_network(phone: Phone) -> None:
    page = phone.page
    page.clock.install()
    page.route("**/outbox/session", lambda route: route.abort())
    page.goto(ISSUE)
    begin_issue(page, 40)
    expect(page.locator("form[data-send] [data-draft-status]")).to_contain_text("存不下填的内容")
    page.unroute("**/outbox/session")
    with within(20) as in_time:
        while not page.evaluate(SAFE):
            assert in_time()
            page.clock.fast_forward("00:11")
