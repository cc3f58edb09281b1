"""Fifty forms and sheets with photographs over a line that breaks in seven ways: each arrives once, as it was typed."""

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect
from sqlalchemy import select

from forms_server.db import tables
from tests.builders import EAST_WILLOW
from tests.outbox.conftest import BAD_GATEWAY, STORED_UNTOLD, Line, Phone, within
from tests.outbox.typed_forms import (
    ISSUE,
    PROPOSED,
    arrived,
    begin_issue,
    content,
    end_issue,
    new_id,
    picture,
    submit,
)
from tests.server.pages import post
from tests.server.records import FAMILY
from tests.server.records import ISSUE as TYPED

Break = Callable[[Phone], None]
KEPT = """async () => {
  const name = (await caches.keys()).find(each => each.startsWith("pages-"))
  return Boolean(name && (await (await caches.open(name)).match("/kept")))
}"""
NOTHING_WAITS = "async () => !(await outbox.unsent()).length"
UNSENT = "async () => (await outbox.unsent()).length"


class Afternoon:
    """What one cadre files, and what the server has to have of it in the end."""

    def __init__(self, phone: Phone, folder: Path) -> None:
        self.phone, self.line, self.folder = phone, phone.line, folder
        self.number = 0
        self.issues: dict[str, str] = {}
        """Content to the digest of its photograph."""
        self.reports: dict[str, str] = {}
        """Record id to the digest of the photograph of its rectification."""
        self.families: list[str] = []

    def at_the_desk(self, address: str, **sent: str) -> None:
        """Send a form from another device, over a line that holds."""
        client = self.line.app.test_client()
        client.set_cookie("huitoukan", self.line.token("填报人"))
        assert post(client, address, **sent).status_code == 303

    def next_photo(self) -> tuple[Path, str]:
        """Take a photograph."""
        self.number += 1
        path = picture(self.folder, self.number)
        return path, hashlib.sha256(path.read_bytes()).hexdigest()

    def stored_issue(self) -> str:
        """An issue that is in the ledger already."""
        self.number += 1
        record_id = new_id()
        words = {"content": f"早先第{self.number}处", "householder": f"早先{self.number}"}
        sent = {**TYPED, **words, "record-id": record_id, "is-different": "yes"}
        self.at_the_desk(ISSUE, **sent)
        return record_id

    def issue(self, page: Page, between: Callable[[], None] = lambda: None) -> None:
        """File an issue with a photograph."""
        page.goto(ISSUE)
        photo, digest = self.next_photo()
        begin_issue(page, self.number)
        between()
        end_issue(page, photo)
        self.issues[content(self.number)] = digest
        submit(page)

    def family(self, page: Page, between: Callable[[], None] = lambda: None) -> None:
        """Propose a household."""
        page.goto(PROPOSED)
        self.number += 1
        name = f"拟户{self.number}"
        for field in ("village", "household_type", "problem_type"):
            page.locator(f"[name={field}]").select_option(FAMILY[field])
        between()
        page.locator("[name=householder]").fill(name)
        for field in ("people", "reason", "identified_on"):
            page.locator(f"[name={field}]").fill(FAMILY[field])
        self.families.append(name)
        submit(page)

    def report(self, page: Page, between: Callable[[], None] = lambda: None) -> None:
        """Report an issue rectified, with a photograph."""
        record_id = self.stored_issue()
        page.goto(f"/records/household-issues/{record_id}/report")
        photo, digest = self.next_photo()
        page.locator("textarea").first.fill("已换瓦，没有再漏。")
        between()
        page.locator("input[name=photos]").set_input_files(photo)
        self.reports[record_id] = digest
        submit(page, "报告已整改")

    def edit(self, page: Page, between: Callable[[], None] = lambda: None) -> None:
        """Change an issue."""
        record_id = self.stored_issue()
        page.goto(f"/records/household-issues/{record_id}/edit")
        self.number += 1
        page.locator("[name=measures]").fill("另请人看。")
        between()
        page.locator("[name=content]").fill(content(self.number))
        self.issues[content(self.number)] = ""
        submit(page, "保存修改")

    def sheet(self, page: Page, between: Callable[[], None] = lambda: None) -> None:
        """Fill in a visit's sheet: one problem with a photograph, the rest fine."""
        photo, digest = self.next_photo()
        visit_id = new_id()
        head = {
            "village": EAST_WILLOW,
            "householder": f"走访{self.number}",
            "household_type": "yiban",
            "people": "3",
        }
        self.at_the_desk("/visits/household-issues/new", **{**head, "visit-id": visit_id})
        page.goto(f"/visit/{visit_id}/fill")
        folded = page.locator("details.area:not([open]) > summary")
        while folded.count():
            folded.first.click()
        page.locator("[name='house-safe.is'][value=problem]").check()
        box = page.locator("#house-safe")
        box.locator("[name$='.content']").fill(content(self.number))
        between()
        for name, text in (
            ("measures", "请人鉴定。"),
            ("responsible_person", "王某某"),
            ("deadline", "8月底前"),
        ):
            box.locator(f"[name$='.{name}']").fill(text)
        box.locator("input[type=file]").set_input_files(photo)
        while page.locator("details.area[open]").count():
            page.locator("details.area[open] [data-fill=fine]").first.click()
        self.issues[content(self.number)] = digest
        submit(page, "完成")

    def all_seven(
        self, page: Page, between: Callable[[], None] = lambda: None, after: Callable[[], None] = lambda: None
    ) -> None:
        """Three issues, a household, a report, an edit and a sheet."""
        for file in (self.issue, self.issue, self.issue, self.family, self.report, self.edit, self.sheet):
            file(page, between)
            expect(page.locator(".sending-box")).to_be_visible()
            after()

    def rows(self, statement) -> list:
        """What the database says."""
        with self.line.app.extensions["huitoukan"].engine.connect() as connection:
            return list(connection.execute(statement))


def until(page: Page, script: str) -> None:
    """Wait until the script says yes."""
    with within(20) as in_time:
        while not page.evaluate(script):
            assert in_time(), page.evaluate("async () => JSON.stringify(await outbox.unsent())")
            page.wait_for_timeout(50)


def all_sent(page: Page) -> None:
    """Open another page and wait until nothing waits."""
    page.goto("/")
    until(page, NOTHING_WAITS)


def offline(phone: Phone, is_off: bool = True) -> None:
    assert phone.context
    phone.context.set_offline(is_off)


def test_fifty_forms_arrive_once_and_as_they_were_typed(phone: Phone, line: Line, tmp_path: Path) -> None:
    afternoon = Afternoon(phone, tmp_path)
    page = phone.page
    page.goto("/")
    until(page, KEPT)

    # 1. No network before the form is opened: the blank forms open all the same.
    offline(phone)
    for file in [afternoon.issue] * 5 + [afternoon.family] * 2:
        file(page)
        # Older Chromium does not tell a page that it opened from its copies that it is offline.
        expect(page.locator(".sending-box")).to_contain_text(re.compile("没有网络|服务器没有回音"))
    assert page.evaluate(UNSENT) == 7
    offline(phone, False)
    all_sent(page)

    # 2. It goes between two fields, 3. when the button is pressed.
    afternoon.all_seven(page, between=lambda: offline(phone), after=lambda: offline(phone, False))
    all_sent(page)
    for file in (
        afternoon.issue,
        afternoon.issue,
        afternoon.issue,
        afternoon.family,
        afternoon.report,
        afternoon.edit,
        afternoon.sheet,
    ):
        page.route(
            "**/*", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
        )
        file(page)
        expect(page.locator(".sending-box")).to_be_visible()
        page.unroute("**/*")
    all_sent(page)

    # 4. The front answers 502, 5. the server stores and its answer is lost.
    for fault in (BAD_GATEWAY, STORED_UNTOLD):
        line.fault = fault
        afternoon.all_seven(
            page,
            after=lambda: setattr(line, "fault", ""),
            between=lambda fault=fault: setattr(line, "fault", fault),
        )
        all_sent(page)

    # 6. The browser is killed: once in the middle of a form, once with everything waiting.
    page = killed_while_typing(afternoon, page)
    offline(phone)
    for _ in range(6):
        afternoon.issue(page)
        expect(page.locator(".sending-box")).to_be_visible()
    phone.kill()
    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    all_sent(page)

    # 7. Signed out elsewhere meanwhile.
    afternoon.all_seven(
        page, between=lambda: line.end_sessions("填报人"), after=lambda: phone.sign_in("填报人")
    )
    all_sent(page)

    page.goto("/zero/")
    page.locator("input[name=ticked][value=water]").check()
    offline(phone)
    submit(page, "保存零报告")
    expect(page.locator(".sending-box")).to_be_visible()
    offline(phone, False)
    expect(page.locator(".sending-box")).to_contain_text("服务器已收到")

    all_as_typed(afternoon)


def killed_while_typing(afternoon: Afternoon, page: Page) -> Page:
    """Kill the browser over a half-typed form; returns the page on which it was gone on with."""
    phone = afternoon.phone
    page.goto(ISSUE)
    photo, digest = afternoon.next_photo()
    page.locator("input[name=photos]").set_input_files(photo)
    begin_issue(page, afternoon.number)
    afternoon.issues[content(afternoon.number)] = digest
    until(page, "document.querySelector('form[data-send]').kept.safe")
    phone.kill()
    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    page.goto(ISSUE)
    page.get_by_role("button", name="接着填").click()
    expect(page.locator("[name=content]")).to_have_value(content(afternoon.number))
    end_issue(page)
    submit(page)
    arrived(page)
    until(page, KEPT)
    return page


def all_as_typed(afternoon: Afternoon) -> None:
    """Compare the database with what was typed."""
    issue, photo = tables.issue, tables.photo
    filed = afternoon.rows(select(issue.c.id, issue.c.content).where(~issue.c.content.startswith("早先")))
    typed = {re.sub("\r\n?", "\n", words) for words in afternoon.issues}
    assert sorted(row.content for row in filed) == sorted(typed)
    photos = afternoon.rows(select(photo.c.issue_id, photo.c.side, photo.c.upload_sha256))
    of_issue = {row.issue_id: row.upload_sha256 for row in photos if row.side == "before"}
    assert {row.content: of_issue.get(row.id, "") for row in filed} == afternoon.issues
    assert {row.issue_id: row.upload_sha256 for row in photos if row.side == "after"} == afternoon.reports
    assert len(photos) == len([digest for digest in afternoon.issues.values() if digest]) + len(
        afternoon.reports
    )
    families = afternoon.rows(select(tables.proposed_household.c.householder))
    assert sorted(row.householder for row in families) == sorted(afternoon.families)
    assert len(filed) + len(families) + len(afternoon.reports) + 1 == 50
