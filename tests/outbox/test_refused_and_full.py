"""What the server refuses, what builds on it, and phones without room: nothing vanishes, and everything is said."""

from pathlib import Path

from playwright.sync_api import expect
from sqlalchemy import select

from forms_server.db import tables
from forms_server.db.migrate import migrate
from forms_server.home_lock import upgrading
from tests.outbox.conftest import BAD_GATEWAY, Line, Phone
from tests.outbox.test_breaks import KEPT, NOTHING_WAITS, UNSENT, Afternoon, all_sent, until
from tests.outbox.test_harder_breaks import SAFE
from tests.outbox.typed_forms import ISSUE, arrived, begin_issue, content, end_issue, picture, submit
from tests.server.records import ISSUE as TYPED

FULL = """most => {
  const { put } = IDBObjectStore.prototype
  IDBObjectStore.prototype.put = function (value, key) {
    if (((value.content || value).bytes || []).byteLength > most) throw new DOMException("", "QuotaExceededError")
    return put.call(this, value, key)
  }
}"""
FULL_BUT_FOR_RESERVE = """() => {
  const { put, delete: drop } = IDBObjectStore.prototype
  let isFull = true
  IDBObjectStore.prototype.delete = function (key) {
    if (key === "reserve") isFull = false
    return drop.call(this, key)
  }
  IDBObjectStore.prototype.put = function (value, key) {
    if (isFull || key === "reserve") throw new DOMException("", "QuotaExceededError")
    return put.call(this, value, key)
  }
}"""
"""Chromium itself looks at a quota only now and then."""
NEXT_TRY = """async () => {
  const delays = [], { setTimeout } = window
  window.setTimeout = (work, delay) => {
    if (work.name === "flush") delays.push(delay)
    return setTimeout(work, delay)
  }
  await outbox.flush(true)
  await outbox.flush(true)
  return delays
}"""


def test_what_others_changed_in_between_is_shown_and_not_built_upon(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    record = f"/records/household-issues/{afternoon.stored_issue()}"
    page.goto(f"{record}/report")
    page.locator("textarea").first.fill("已换瓦，没有再漏。")
    theirs = {**TYPED, "base-version": "1", "measures": "那边改的。"}
    line.fault = BAD_GATEWAY
    submit(page, "报告已整改")
    expect(page.locator(".sending-box")).to_be_visible()
    line.fault = ""
    afternoon.at_the_desk(f"{record}/edit", **theirs)
    page.goto("/outbox/")
    expect(page.locator("[data-outbox-list]")).to_contain_text("和别人改的碰上了")


def test_what_was_refused_keeps_nobody_waiting_who_fills_it_in_anew(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    record = f"/records/household-issues/{afternoon.stored_issue()}"
    page.goto(f"{record}/edit")
    page.locator("[name=deadline]").fill("2022年2月30日")
    line.fault = BAD_GATEWAY
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()

    page.goto(f"{record}/edit")  # it is offered, so that the two do not meet
    page.get_by_role("button", name="取回来改").click()
    expect(page.locator("[name=deadline]")).to_have_value("2022年2月30日")
    until(page, NOTHING_WAITS)
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()
    line.fault = ""
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".sending-box")).to_contain_text("没有收下")

    page.goto(f"{record}/edit")
    expect(page.locator(".draft-offer").get_by_role("link", name="看待发送的")).to_be_visible()
    page.locator("[name=measures]").fill("改好的措施。")
    line.fault = BAD_GATEWAY
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()
    line.fault = ""
    page.goto("/")
    until(page, "async () => (await outbox.unsent()).every(each => each.state === 'refused')")
    page.goto(f"{record}/report")
    page.locator("textarea").first.fill("已换瓦，没有再漏。")
    submit(page, "报告已整改")
    arrived(page)
    assert page.evaluate(UNSENT) == 1


def test_photographs_that_are_refused_stay_until_somebody_has_seen_to_them(
    phone: Phone, tmp_path: Path
) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    broken = tmp_path / "坏的.jpg"
    broken.write_bytes(b"no picture")
    page.goto(ISSUE)
    begin_issue(page, 41)
    end_issue(page)
    page.locator("input[name=photos]").set_input_files([picture(tmp_path, 41), broken])
    submit(page)
    arrived(page)
    expect(page.locator("[data-outbox] strong")).to_have_text("1")
    page.goto("/outbox/")
    row = page.locator("[data-outbox-list] li")
    expect(row).to_contain_text("照片：登记户内问题")
    expect(row).to_contain_text("“坏的.jpg”")
    row.locator("summary").click()
    expect(row.get_by_role("link", name="存下照片")).to_have_attribute("download", "坏的.jpg")
    row.get_by_role("button", name="打开修改").click()
    form = page.locator("#photos-form-before")
    until(page, "document.querySelector('#photos-form-before input[type=file]')?.files.length === 1")
    form.locator("input[type=file]").set_input_files(picture(tmp_path, 42))
    form.get_by_role("button").last.click()
    expect(page.locator("[data-outbox]")).to_be_hidden()
    ids = select(tables.issue.c.id).where(tables.issue.c.content == content(41))
    photos = select(tables.photo.c.id).where(tables.photo.c.issue_id.in_(ids))
    assert len(afternoon.rows(photos)) == 2


def test_a_full_phone_is_told_before_and_keeps_room_for_what_is_typed(phone: Phone, tmp_path: Path) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    until(page, "() => browserStore.reserve()")
    page.goto(ISSUE)
    expect(page.locator("[data-room]")).to_be_hidden()
    page.evaluate(FULL_BUT_FOR_RESERVE)
    begin_issue(page, 43)
    expect(page.locator("[data-room]")).to_contain_text("空间快满了")
    until(page, SAFE)  # in the room that was kept for it


def test_a_phone_that_is_full_loses_nothing_in_silence(phone: Phone, line: Line, tmp_path: Path) -> None:
    page = phone.page
    page.goto("/")
    until(page, KEPT)
    status = page.locator("form[data-send] [data-draft-status]")
    photo = picture(tmp_path, 44)
    photo.write_bytes(photo.read_bytes() + bytes(200_000))
    page.goto(ISSUE)
    page.evaluate(FULL, 100_000)
    page.locator("input[name=photos]").set_input_files(photo)
    expect(page.locator("[data-unkept]")).to_contain_text("照片没有存下来")
    page.evaluate(FULL, 0)
    begin_issue(page, 44)
    expect(status).to_contain_text("存不下填的内容")
    end_issue(page)
    line.fault = BAD_GATEWAY
    submit(page)
    expect(page.locator("[data-unsent]")).to_contain_text("还没有发送。这个浏览器存不下内容，请不要关这一页")
    line.fault = ""
    submit(page)
    arrived(page)
    photos = select(tables.photo.c.id).join(tables.issue, tables.issue.c.id == tables.photo.c.issue_id)
    of_this = photos.where(tables.issue.c.content == content(44))
    assert len(Afternoon(phone, tmp_path).rows(of_this)) == 1


def test_a_full_phone_does_not_send_the_same_every_second(phone: Phone, line: Line, tmp_path: Path) -> None:
    page = phone.page
    page.goto(ISSUE)
    begin_issue(page, 46)
    end_issue(page, picture(tmp_path, 46))
    line.fault = BAD_GATEWAY
    submit(page)
    expect(page.locator(".sending-box")).to_be_visible()
    page.evaluate(FULL, 0)  # what came of a try cannot be written down
    assert page.evaluate(NEXT_TRY) == [10_000, 20_000]
    line.fault = ""
    page.goto("/")
    until(page, NOTHING_WAITS)


def test_what_is_taken_back_stays_until_it_is_kept_otherwise_or_sent(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page, afternoon = phone.page, Afternoon(phone, tmp_path)
    record_id = afternoon.stored_issue()
    edit = f"/records/household-issues/{record_id}/edit"
    page.goto(edit)
    page.locator("[name=measures]").fill("先填的措施。")
    line.fault = BAD_GATEWAY
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_be_visible()

    page.goto(edit)
    taken_back = page.get_by_role("button", name="取回来改")
    expect(taken_back).to_be_visible()
    page.evaluate(FULL, 0)
    taken_back.click()
    expect(taken_back).to_be_hidden()
    expect(page.locator("[name=measures]")).to_have_value("先填的措施。")
    assert page.evaluate(UNSENT) == 1
    page.locator("[name=measures]").fill("改好的措施。")
    line.fault = ""
    submit(page, "保存修改")
    arrived(page)
    assert page.evaluate(UNSENT) == 0
    (stored,) = afternoon.rows(select(tables.issue.c.measures).where(tables.issue.c.id == record_id))
    assert stored == ("改好的措施。",)


def test_what_is_sent_while_the_server_is_upgraded_waits_and_arrives_once(
    phone: Phone, line: Line, tmp_path: Path
) -> None:
    page, services = phone.page, line.app.extensions["huitoukan"]
    page.goto(ISSUE)
    begin_issue(page, 45)
    end_issue(page, picture(tmp_path, 45))
    with upgrading(services.config.home):
        submit(page)
        expect(page.locator(".sending-box")).to_contain_text("服务器没有回音")
        other = phone.page
        shown = other.goto("/records/household-issues/")
        assert shown
        assert shown.status == 200
        expect(other.locator("[data-outbox] strong")).to_have_text("1")
        other.close()
        migrate(services.engine)
    all_sent(page)
    ids = select(tables.issue.c.id).where(tables.issue.c.content == content(45))
    assert len(Afternoon(phone, tmp_path).rows(ids)) == 1
