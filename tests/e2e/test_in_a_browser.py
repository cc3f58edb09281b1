"""One issue in a real browser, on an office screen and on a phone, from the handbook to the county's annex 2."""

import csv
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.server import ONE_USE, Office, new_office
from tests.e2e.visitor import PASSWORD

SCREENS = {
    "office": (1280, 900, "341322110", "丁里镇", "河头村"),
    "phone": (390, 844, "341322101", "黄口镇", "瓦房村"),
}
ITEM = "guarantees-08"
"""房屋是否开裂漏雨: counted under 住房安全."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = new_office(tmp_path_factory.mktemp("office"))
    for _, _, unit, _, _ in SCREENS.values():
        office.add_account(f"填报{unit}", unit, "reporter")
    office.run("handbook", "build")
    return office


@pytest.fixture(scope="module")
def address(office: Office) -> Iterator[str]:
    with office.serving() as address:
        yield address


def sign_in(page: Page, unit: str) -> None:
    """Sign in with the one-use password, if the page requires it, and choose another."""
    page.get_by_label("账号", exact=True).fill(f"填报{unit}")
    page.get_by_label("密码", exact=True).fill(ONE_USE)
    page.get_by_role("button", name="登录").click()
    page.get_by_label("姓名", exact=True).fill("周某某")
    page.get_by_label("现在的密码").fill(ONE_USE)
    page.get_by_label("新密码", exact=True).fill(PASSWORD)
    page.get_by_label("再输一次新密码").fill(PASSWORD)
    page.get_by_role("button", name=re.compile("保存")).click()


def fits(page: Page) -> None:
    """Assert no horizontal overflow."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def fill_in(page: Page, township: str, village: str) -> None:
    """Fill in what the handbook's item has not chosen yet; the deadline is a day that does not exist."""
    page.get_by_label(re.compile("^村")).select_option(label=village)
    page.get_by_label(re.compile("^户类型")).select_option(label="一般农户")
    page.get_by_label(re.compile("^问题来源")).select_option(label="自查")
    typed = {
        "户主姓名": "张某某",
        "具体内容": "堂屋漏雨，用塑料布盖着。",
        "整改措施": "雨后换瓦修缮。",
        "责任人": "王某某",
        "责任单位": township,
        "整改时限": "2022年2月30日",
        "排查人": "李某某",
    }
    for label, text in typed.items():
        page.get_by_label(re.compile(f"^{label}")).fill(text)


def rows_of(office: Office) -> dict[tuple[str, str], dict[str, str]]:
    """The summary's rows by unit and problem type."""
    office.run("summary", "--interim")
    with next((office.home / "summary").glob("summary-*.csv")).open(encoding="utf-8", newline="") as file:
        return {(row["unit_code"], row["problem_type_id"]): row for row in csv.DictReader(file)}


@pytest.mark.parametrize("screen", SCREENS)
def test_from_the_handbook_to_annex_2(office: Office, address: str, browser: Browser, screen: str) -> None:
    width, height, unit, township, village = SCREENS[screen]
    context = browser.new_context(viewport={"width": width, "height": height}, base_url=address)
    page = context.new_page()
    strangers: list[str] = []
    page.on(
        "request", lambda request: None if request.url.startswith(address) else strangers.append(request.url)
    )

    page.goto(f"/handbook/areas/02-guarantees.html#{ITEM}")
    fits(page)
    page.locator(f"a[href$='/records/annex-1-1/new?item={ITEM}']").click()
    sign_in(page, unit)

    expect(page.get_by_role("heading", level=1)).to_have_text("登记户内问题")
    expect(page.get_by_label(re.compile("^问题类型"))).to_have_value("housing")
    expect(page.locator("main")).to_contain_text("房屋是否开裂漏雨")
    fill_in(page, township, village)
    page.get_by_role("button", name="登记", exact=True).click()

    # Said beside the field, and everything typed is still there.
    deadline = page.get_by_label(re.compile("^整改时限"))
    expect(deadline).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_label(re.compile("^具体内容"))).to_have_value("堂屋漏雨，用塑料布盖着。")
    fits(page)
    deadline.fill("立行立改")
    page.get_by_role("button", name="登记", exact=True).click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("户内问题第 1 条")
    fits(page)
    page.get_by_role("link", name="报告已整改").click()
    page.get_by_label(re.compile("^整改成效")).fill("已换瓦，雨后查看没有再漏。")
    fits(page)
    page.get_by_role("button", name="报告已整改").click()
    # The heading of the form that is being sent says 已整改, too.
    expect(page.get_by_role("heading", level=1)).to_contain_text(re.compile(r"第 1 条\s+已整改"))
    fits(page)
    context.close()

    rows = rows_of(office)
    row = rows[unit, "housing"]
    assert (row["found"], row["rectified"], row["rectifying"], row["reported"]) == ("1", "1", "0", "yes")
    assert sum(int(row["found"]) for key, row in rows.items() if key[0] == unit) == 1
    assert strangers == []
