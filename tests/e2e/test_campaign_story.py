"""The campaign as the people in it live it, on a phone: a visit with two problems, a photograph and a lost session; the
township completes and signs, the office sends it back, it is mended and signed again, received, and counted.

``HUITOUKAN_TEST_PICTURES`` names a folder for a picture of every step.
"""

import csv
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.e2e.server import ONE_USE, Office, new_office
from tests.e2e.visitor import PASSWORD
from tests.handbook.axe import violations
from tests.ledgers.books import workbook
from tests.server.pictures import jpeg

UNIT, TOWNSHIP, VILLAGE = "341322110", "丁里镇", "河头村"
ROSTER = (
    "户编号|乡镇|行政村|姓名|与户主关系|户类型|证件号码\n"
    "HT001|丁里镇|河头村|张某甲|户主|脱贫户|-\n"
    "HT001|丁里镇|河头村|王某某|配偶|脱贫户|-\n"
    "HT001|丁里镇|河头村|张某小|之子|脱贫户|-\n"
    "HT002|丁里镇|河头村|李某乙|户主|一般农户|-\n"
)
LEAKING, WATER = "guarantees-08", "guarantees-13"
REPORT = ("走访了河头村。", "共排查出问题2个，正在整改。", "没有拟识别监测对象。", "月底前改完。")


@dataclass
class Person:
    """A user at a phone; counts taps and keystrokes."""

    page: Page
    name: str
    taps: int = 0
    typed: int = 0
    shots: int = 0

    def tap(self, target: str | Locator) -> None:
        """Tap a button or link by its words, or whatever is given."""
        if isinstance(target, str):
            words = re.compile(rf"^\s*{re.escape(target)}\s*$")
            target = self.page.get_by_role("button", name=words).or_(
                self.page.get_by_role("link", name=words)
            )
        target.first.click()
        self.taps += 1

    def type(self, label: str | Locator, text: str) -> None:
        """Type into a field."""
        field = self.page.get_by_label(label, exact=True) if isinstance(label, str) else label
        field.fill(text)
        self.typed += 1

    def look(self, step: str) -> None:
        """Assert no horizontal overflow and no axe violations; take a screenshot on request."""
        self.page.wait_for_load_state("domcontentloaded")
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), step
        assert violations(self.page) == [], step
        folder = os.environ.get("HUITOUKAN_TEST_PICTURES")
        if folder:
            self.shots += 1
            self.page.screenshot(
                path=Path(folder) / f"{self.name}-{self.shots:02}-{step}.png", full_page=True
            )

    def sign_in_first(self, name: str, password: str) -> None:
        """Sign in with a one-use password and choose another."""
        self.type("账号", name)
        self.type("密码", password)
        self.tap("登录")
        self.type("姓名", name)
        self.type("现在的密码", password)
        self.type("新密码", PASSWORD)
        self.type("再输一次新密码", PASSWORD)
        self.tap(self.page.get_by_role("button", name=re.compile("保存")))


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = new_office(tmp_path_factory.mktemp("office"))
    office.run("user", "add", "村干部", "--unit", UNIT, "--role", "reporter", "--village", VILLAGE,
               "--password-stdin", typed=ONE_USE + "\n")  # fmt: skip
    office.add_account("镇填报员", UNIT, "reporter")
    office.add_account("镇长", UNIT, "principal")
    office.add_account("县办", "gongguban", "office")
    return office


@pytest.fixture(scope="module")
def address(office: Office) -> Iterator[str]:
    with office.serving() as address:
        yield address


@pytest.fixture
def at_phone(browser: Browser, address: str) -> Iterator[Callable[[str], Person]]:
    """Open the start page on a phone of one's own."""
    opened: list[BrowserContext] = []

    def _open(name: str) -> Person:
        context = browser.new_context(
            viewport={"width": 390, "height": 844}, base_url=address, has_touch=True
        )
        opened.append(context)
        page = context.new_page()
        page.goto("/")
        return Person(page, name)

    yield _open
    for context in opened:
        context.close()


def item(person: Person, item_id: str) -> Locator:
    """An item of the sheet."""
    return person.page.locator(f"fieldset#{item_id}")


def tick(person: Person, item_id: str, answer: str) -> None:
    """Tick an answer, in an area that may be folded."""
    area = person.page.locator("details.area").filter(has=item(person, item_id))
    if not area.evaluate("each => each.open"):
        person.tap(area.locator("summary").first)
    person.tap(item(person, item_id).get_by_text(answer, exact=True))


def fill_up(person: Person) -> None:
    """Say of each area that all that is left of it is fine."""
    fills = person.page.locator("details.area[open] > .area-fills").get_by_role(
        "button", name=re.compile("^其余全部无问题")
    )
    while fills.count():
        person.tap(fills)


def describe(person: Person, item_id: str, content: str, measures: str) -> None:
    """Type what a problem needs."""
    box = item(person, item_id)
    person.type(box.get_by_label("具体内容"), content)
    person.type(box.get_by_label("整改措施"), measures)
    person.type(box.get_by_label("责任人"), "王某某")
    person.type(box.get_by_label("整改时限"), "立行立改")


def bytes_of_first_load(page: Page) -> int:
    """Bytes over the wire of the page and all that it needs, in a browser that has kept nothing."""
    browser = page.context.browser
    assert browser is not None
    sizes: list[int] = []
    # A service worker hands on what it has unpacked, and hides what came over the wire.
    with browser.new_context(storage_state=page.context.storage_state(), service_workers="block") as context:
        fresh = context.new_page()
        wire = context.new_cdp_session(fresh)
        wire.send("Network.enable")
        wire.on("Network.loadingFinished", lambda event: sizes.append(int(event["encodedDataLength"])))
        fresh.goto(page.url, wait_until="networkidle")
        expect(fresh.get_by_role("heading", level=1)).to_have_text("张某甲")
    return sum(sizes)


def visit(cadre: Person) -> None:
    """A village cadre's visit of a household; the session is lost half way."""
    page = cadre.page
    for target in (page.locator(".menu > summary", has_text="排查"), "排查"):
        cadre.tap(target)
    cadre.look("choose")
    page.get_by_role("listitem").filter(has_text="张某甲").get_by_role("button").click()
    cadre.taps += 1
    expect(page.get_by_role("heading", level=1)).to_have_text("张某甲")
    cadre.look("sheet")
    assert bytes_of_first_load(page) < 100_000
    assert (cadre.taps, cadre.typed) == (
        5,
        6,
    )  # two of the taps and all six fields sign in and keep name and password

    before = cadre.taps, cadre.typed
    tick(cadre, LEAKING, "有问题")
    describe(cadre, LEAKING, "堂屋漏雨，用塑料布盖着。", "雨后换瓦修缮。")
    cadre.tap("保存")
    assert (cadre.taps - before[0], cadre.typed - before[1]) == (3, 4)  # one opens the area
    expect(item(cadre, LEAKING)).to_contain_text("已登记为问题")

    tick(cadre, WATER, "有问题")
    describe(cadre, WATER, "每天只供水两小时。", "请水厂延长供水时间。")
    expect(page.locator("[data-draft-status]")).to_contain_text("草稿已保存")
    cadre.look("problem")
    page.context.clear_cookies()
    before = cadre.taps
    fill_up(cadre)
    # Nine areas, each with one tap: the next one opens by itself.
    assert cadre.taps - before == 9
    expect(page.locator("[data-count]")).to_contain_text("已填 58/58 项，问题 2")
    cadre.tap("完成")
    expect(page.locator(".sending-box")).to_contain_text("登录已过期，还没有发送")
    cadre.look("session-lost")
    cadre.tap("去登录")
    cadre.type("账号", "村干部")
    cadre.type("密码", PASSWORD)
    cadre.tap("登录")
    # Nothing is submitted again by hand: it is sent by itself, and its receipt leads to what came of it.
    expect(page.locator("header a[href='/visits/']")).to_be_attached()
    page.goto("/outbox/")
    receipts = page.locator("[data-receipt-list]")
    # The visit was begun, saved and finished; the newest receipt is the first.
    expect(receipts.get_by_role("listitem")).to_have_count(3)
    expect(page.locator("[data-outbox-list]")).to_be_hidden()
    cadre.tap(receipts.get_by_role("link", name="打开"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("已排查完")
    cadre.look("finished")


def photograph(cadre: Person) -> None:
    """Add a photograph to the first problem."""
    page = cadre.page
    page.get_by_role("link", name=re.compile("加照片")).first.click()
    page.get_by_label(re.compile("添加整改前的照片")).set_input_files(
        {"name": "roof.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    page.get_by_role("button", name="上传").first.click()
    expect(page.locator(".photos img")).to_have_count(1)
    cadre.look("photo")


def complete(clerk: Person) -> None:
    """The township ticks where nothing was found, and writes its report."""
    page = clerk.page
    page.goto("/zero/")
    for box in page.locator("input[name=ticked]").all():
        if box.get_attribute("value") not in {"housing", "water"}:
            box.check()
    page.get_by_role("button", name=re.compile("保存")).click()
    # Not every household of the roster was visited: the zero reports are asked about once more.
    page.get_by_role("button", name="确认都已排查，保存").click()
    expect(page.locator("main")).to_contain_text("已保存零报告")
    page.goto("/report/")
    for field, text in zip(page.locator("main textarea").all(), REPORT, strict=True):
        field.fill(text)
    page.get_by_role("button", name="保存自查报告").click()
    expect(page.locator("main")).to_contain_text("已保存自查报告")
    page.goto(f"/returns/units/{UNIT}")
    expect(page.locator("main")).to_contain_text("内容都齐了")
    clerk.look("complete")


def sign(principal: Person, number: int) -> None:
    """The principal reads and signs with the password."""
    page = principal.page
    page.goto(f"/returns/units/{UNIT}")
    principal.tap("核对并签字报送")
    principal.look(f"sign-{number}")
    page.get_by_label("再输一次您的登录密码").fill(PASSWORD)
    page.get_by_role("button", name="签字报送").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"第 {number} 次报送")
    principal.look(f"signed-{number}")


def send_back(office: Person) -> None:
    """The office reads the return and sends it back."""
    page = office.page
    page.goto(f"/returns/units/{UNIT}")
    page.get_by_role("link", name="第 1 次", exact=True).click()
    page.get_by_label("退回理由").fill("供水问题请写清哪一天起。")
    page.get_by_role("button", name="退回", exact=True).click()
    expect(page.locator("main")).to_contain_text("已退回")
    office.look("sent-back")


def mend(cadre: Person) -> None:
    """The village says more of the problem that the office asked about."""
    page = cadre.page
    page.goto("/records/annex-1-1/")
    page.get_by_role("link").filter(has_text="每天只供水两小时").or_(
        page.get_by_role("row").filter(has_text="每天只供水两小时").get_by_role("link")
    ).first.click()
    cadre.tap("修改")
    cadre.page.get_by_label(re.compile("^具体内容")).fill("8月1日起每天只供水两小时。")
    cadre.tap("保存修改")
    expect(page.locator("main")).to_contain_text("8月1日起")
    cadre.look("mended")


def receive(office: Person) -> None:
    """The office takes the second return."""
    page = office.page
    page.goto(f"/returns/units/{UNIT}")
    page.get_by_role("link", name="第 2 次", exact=True).click()
    page.get_by_role("button", name="接收").click()
    expect(page.locator("main")).to_contain_text("已接收")
    office.look("received")


def test_the_campaign_from_the_farmyard_to_annex_2(
    office: Office, at_phone: Callable[[str], Person], tmp_path: Path
) -> None:
    roster = tmp_path / "roster.xlsx"
    roster.write_bytes(workbook({"成员": ROSTER}))
    assert "新增 2 户" in office.run("roster", "import", str(roster))

    cadre = at_phone("cadre")
    cadre.sign_in_first("村干部", ONE_USE)
    cadre.look("home")
    visit(cadre)
    photograph(cadre)
    cadre.page.goto("/visits/progress")
    expect(cadre.page.locator("main")).to_contain_text(
        "名册上 2 户，已排查 1 户（其中填完 1 户），还有 1 户没有去"
    )
    cadre.look("progress")

    clerk, principal, county = at_phone("clerk"), at_phone("principal"), at_phone("office")
    for person, name in ((clerk, "镇填报员"), (principal, "镇长"), (county, "县办")):
        person.sign_in_first(name, ONE_USE)
    complete(clerk)
    sign(principal, 1)
    send_back(county)
    principal.page.goto("/")
    expect(principal.page.locator("main")).to_contain_text("供水问题请写清哪一天起。")
    principal.look("sent-back")
    mend(cadre)
    sign(principal, 2)
    receive(county)

    office.run("summary", "--interim")
    with next((office.home / "summary").glob("summary-*.csv")).open(encoding="utf-8", newline="") as file:
        rows = {(row["unit_code"], row["problem_type_id"]): row for row in csv.DictReader(file)}
    of_unit = {key[1]: row for key, row in rows.items() if key[0] == UNIT}
    assert {key: row["found"] for key, row in of_unit.items() if row["found"] != "0"} == {
        "housing": "1",
        "water": "1",
    }
    assert {row["reported"] for key, row in of_unit.items()} == {"yes", "zero"}
    assert sum(int(row["found"]) for row in rows.values()) == 2
