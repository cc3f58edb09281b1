"""A day in a village without network, from a field pack on a phone: all arrives once, and nothing of it lies there readable."""

import hashlib
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import insert, select

from checklist.model import Campaign
from forms_server.accounts import account_store
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.packs.pack_standing import revoke
from tests.builders import EAST, EAST_WILLOW
from tests.outbox.conftest import AWAY, Line, Phone
from tests.outbox.registers_on_a_phone import (
    UNREACHED,
    a_colleague_has_filed_an_asset,
    a_colleague_values_it_otherwise,
    keep_registers,
    merge_row,
)
from tests.outbox.test_breaks import KEPT, all_sent, offline, until
from tests.outbox.typed_forms import content, new_id, picture, submit
from tests.server.conftest import NOW
from tests.server.pages import post
from tests.server.visiting import FINE, LIST, send
from tests.small_registers import campaign_with_registers
from tests.visits.builders import household_id

CANARY = "寒鸦渡口"
PIN = "柳林渡口七号"
MANY = 30


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """With registers."""
    return campaign_with_registers()


@pytest.fixture(scope="module", autouse=True)
def roster(line: Line) -> None:
    """The canary and its neighbours."""
    names = [CANARY, *(f"钱某{number}" for number in range(1, MANY))]
    rows = [
        {
            "id": household_id(number), "campaign_id": "small", "township_code": EAST, "village_code": EAST_WILLOW,
            "householder": name, "folded_name": name, "household_type": "tuopin", "people": 3, "active": True,
            "created_at": NOW, "changed_at": NOW,
        }
        for number, name in enumerate(names)
    ]  # fmt: skip
    with transaction(line.app.extensions["huitoukan"].engine) as connection:
        connection.execute(insert(tables.household), rows)


def rows(line: Line, table: str) -> list:
    with line.app.extensions["huitoukan"].engine.connect() as connection:
        return list(connection.execute(select(tables.metadata.tables[table])))


def take_along(page: Page) -> None:
    page.goto("/field/")
    page.get_by_label("柳林村").check()
    page.get_by_label("资产登记台账").check()
    for label in ("定一个口令", "再输一遍"):
        page.get_by_label(label).fill(PIN)
    submit(page, "带走")
    expect(page.locator("[data-counts]")).to_contain_text(f"一共 {MANY} 户")


def try_pin(page: Page, pin: str) -> None:
    page.get_by_label("口令", exact=True).fill(pin)
    page.get_by_role("button", name="打开", exact=True).click()


def unlock(page: Page) -> None:
    """Mistyped first, which shows nobody."""
    try_pin(page, "柳林渡口八号")
    expect(page.locator("[data-unlock-status]")).to_contain_text("还能试 4 次")
    expect(page.locator("[data-households] li")).to_have_count(0)
    try_pin(page, PIN)


def household(page: Page, name: str = CANARY) -> Locator:
    return page.locator("[data-households] li").filter(has=page.get_by_text(name, exact=True))


def unfold(areas: list[Locator]) -> None:
    for area in areas:
        if not area.evaluate("each => each.open"):
            area.locator("summary").first.click()


def fill_in_sheet(page: Page, photo: Path) -> None:
    """One problem with a photograph, the rest fine."""
    household(page).get_by_role("button", name="开始").click()
    expect(page.locator("h1")).to_have_text(CANARY)
    areas = page.locator("details.area").all()
    unfold(areas)
    page.locator("[name='house-safe.is'][value=problem]").check()
    box = page.locator("#house-safe")
    for name, text in (
        ("content", content(1)),
        ("measures", "请人鉴定。"),
        ("responsible_person", "王某某"),
        ("deadline", "8月底前"),
    ):
        box.locator(f"[name$='.{name}']").fill(text)
    box.locator("input[type=file]").set_input_files(photo)
    for area in areas:
        unfold([area])
        area.locator("[data-fill=fine]").click()
    submit(page, "完成")
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.get_by_role("link", name="回名单").last.click()
    expect(household(page)).to_contain_text("已填，待发送")


def all_fine(page: Page, name: str) -> None:
    """A sheet without problems; back by the phone's own button."""
    household(page, name).get_by_role("button", name="开始").click()
    for area in page.locator("details.area").all():
        unfold([area])
        area.locator("[data-fill=fine]").click()
    submit(page, "完成")
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.go_back()
    expect(household(page, name)).to_contain_text("已填，待发送")


def answered_by_a_colleague(line: Line, number: int) -> None:
    """Another one of the unit was at the same household, and saw one item otherwise."""
    client = line.app.test_client()
    client.set_cookie("huitoukan", line.token("同事"))
    begun = post(client, f"{LIST}households/{household_id(number)}", LIST, **{"visit-id": new_id()})
    send(client, begun.location, "finish", **{**FINE, "house-safe.is": "not_applicable"})


def merge_both(page: Page) -> None:
    """The queue leads to both versions of the visit, and then of the register's row."""
    merge(page)
    merge_row(page)


def merge(page: Page) -> None:
    """One's own answers are kept."""
    page.goto("/outbox/")
    row = page.locator("[data-outbox-list] li").filter(has_not_text="资产登记台账")
    expect(row).to_contain_text("和别人改的碰上了")
    row.get_by_role("button", name="打开修改").click()
    expect(page.locator("form[data-visit]")).to_be_visible()
    until(page, "Boolean(document.querySelector('form[data-visit]').kept)")
    expect(page.locator("main")).to_contain_text("对方勾的是不适用")
    submit(page, "完成")
    page.wait_for_url("**/visit/*")


def file_issue(page: Page, photo: Path) -> None:
    """Another problem of the household, with a photograph."""
    household(page).get_by_role("button", name="登记户内问题").click()
    expect(page.locator("[name=householder]")).to_have_value(CANARY)
    page.locator("[name=problem_type]").select_option("water")
    for name, text in {
        "content": content(2),
        "measures": "接水管。",
        "responsible_person": "王某某",
        "responsible_unit": "河长办",
        "deadline": "8月底前",
    }.items():
        page.locator(f".form-control[name={name}]").fill(text)
    page.locator("input[name=photos]").set_input_files(photo)
    submit(page)
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.get_by_role("link", name="回名单").last.click()


def look_at_own_work(page: Page) -> None:
    """The village's own work: a visit that is begun, and its sheet, by two entries."""
    page.get_by_role("button", name="填面上").click()
    page.locator("[name=level]").select_option("village")
    page.locator("[name=village]").select_option(EAST_WILLOW)
    submit(page, "开始排查")
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.get_by_role("link", name="回名单").last.click()
    own = page.locator("[data-own] li")
    own.get_by_role("button", name="接着填").click()
    for area in page.locator("details.area").all():
        unfold([area])
        area.locator("[data-fill=fine]").click()
    submit(page, "完成")
    expect(page.locator(".sending-box")).to_contain_text("排在先填的那份后面")
    page.get_by_role("link", name="回名单").last.click()
    expect(own).to_contain_text("已填，待发送")


def found_in(folder: Path, words: str) -> list[str]:
    """The files in which the words stand, as browsers and databases write them."""
    patterns = [words.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")]
    patterns.append(quote(words).encode())
    files = (each for each in folder.rglob("*") if each.is_file())
    return [each.name for each in files if any(pattern in each.read_bytes() for pattern in patterns)]


def all_as_typed(line: Line, visit_id: str, photos: list[Path]) -> None:
    """Three visits, the last in the own work; two issues of the first household and their photographs, each once."""
    visits = {each.householder: each for each in rows(line, "visit")}
    assert set(visits) == {CANARY, "钱某2", None}
    own = visits[None]
    assert (own.form_id, own.village_code, own.state) == ("general-issues", EAST_WILLOW, "finished")
    assert (visits[CANARY].state, visits[CANARY].id) == ("finished", visit_id)
    answers = {
        each.item_id: each.answer
        for each in rows(line, "visit_answer")
        if each.visit_id == visits["钱某2"].id
    }
    assert set(answers.values()) == {"fine"}
    assert {each.content: each.household_id for each in rows(line, "issue")} == {
        content(number): household_id(0) for number in (1, 2)
    }
    digests = {hashlib.sha256(photo.read_bytes()).hexdigest() for photo in photos}
    assert {each.upload_sha256 for each in rows(line, "photo")} == digests


def test_a_day_from_a_field_pack(phone: Phone, line: Line, tmp_path: Path) -> None:
    page = phone.page
    of_asset = a_colleague_has_filed_an_asset(line)
    take_along(page)
    until(page, KEPT)
    expect(page.locator("[data-unready]")).to_be_hidden()

    # The battery is empty, the village has no network.
    phone.kill()
    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    offline(phone)
    line.fault = AWAY  # older Chromium's worker, which opens the page, is not offline with it
    page.goto("/field/")
    unlock(page)
    expect(page.locator("[data-households] li")).to_have_count(MANY)
    all_fine(page, "钱某2")
    answered_by_a_colleague(line, 2)
    page.get_by_label("找户").fill("鸦渡")
    expect(page.locator("[data-households] li")).to_have_count(1)

    photos = [picture(tmp_path, number) for number in (1, 2)]
    fill_in_sheet(page, photos[0])
    file_issue(page, photos[1])
    expect(page.locator("[data-counts]")).to_contain_text(f"已去 2 户，未去 {MANY - 2} 户；待发送 3 份")
    look_at_own_work(page)
    keep_registers(page)
    a_colleague_values_it_otherwise(line, of_asset)
    expect(page.locator("[data-outbox] strong")).to_have_text("7")

    # What is left on the disk names nobody; the visit's id shows that the search would find it.
    visit_id = page.evaluate("async () => (await outbox.unsent())[1].about")
    phone.close()
    assert found_in(phone.profile, visit_id)
    assert {words: found_in(phone.profile, words) for words in (CANARY, PIN)} == {CANARY: [], PIN: []}

    line.fault = ""
    phone.open()
    phone.sign_in("填报人")
    page = phone.page
    page.goto("/")
    until(page, "async () => (await outbox.unsent()).every(each => each.state === 'conflict')")
    merge_both(page)
    all_sent(page)
    all_as_typed(line, visit_id, photos)
    assert {each.texts["code"]: each.extra["value"] for each in rows(line, "register_row")} == {
        "2019-1": 500000,
        "2019-2": 480000,
    }


def test_wrong_pins_the_office_and_signing_out_delete_it(phone: Phone, line: Line) -> None:
    page = phone.page
    take_along(page)
    page.goto("/field/")
    for left in (4, 3, 2, 1):
        try_pin(page, "1357924680")
        expect(page.locator("[data-unlock-status]")).to_contain_text(f"还能试 {left} 次")
    try_pin(page, "1357924680")
    expect(page.locator("[data-make-status]")).to_contain_text("已从这台设备删除")
    until(page, "async () => !(await browserStore.rows('packs')).length")
    assert "wrong-pin" in {each.ended_why for each in rows(line, "field_pack")}

    take_along(page)
    with transaction(line.app.extensions["huitoukan"].engine) as connection:
        account = account_store.find_by_name(connection, "填报人")
        assert account
        assert revoke(connection, NOW, account, account.id)
    page.evaluate(
        """async () => {
          const row = await fieldPacks.own()
          await browserStore.put("packs", row.account, { ...row, told: 0 })
          dispatchEvent(new Event("online"))
        }"""
    )
    expect(page.locator("[data-none]")).to_be_visible()  # it is closed at once
    until(page, "async () => !(await fieldPacks.own())")
    take_along(page)
    page.goto("/")
    page.locator(".account-menu summary").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/sign-in")
    assert {"revoked", "signed-out"} < {each.ended_why for each in rows(line, "field_pack")}
    phone.close()  # which deletes files meanwhile
    assert found_in(phone.profile, CANARY) == []


def test_a_clock_that_is_set_back_makes_no_pack_younger(phone: Phone) -> None:
    page = phone.page
    page.add_init_script(
        "const now = Date.now; Date.now = () => now() + Number(sessionStorage.days || 0) * 86400000"
    )
    take_along(page)
    for days, age in ((6, 6), (-20, 6)):
        page.evaluate("days => sessionStorage.days = days", days)
        page.goto("/field/")
        expect(page.locator("[data-closed-age]")).to_contain_text(f"已 {age} 天")
    page.evaluate("sessionStorage.days = -19")
    page.goto("/field/")
    expect(page.locator("[data-none]")).to_be_visible()
    until(page, "async () => !(await browserStore.rows('packs')).some(each => each.content)")
