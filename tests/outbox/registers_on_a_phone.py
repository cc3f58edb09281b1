"""A register in the story of a field pack: what is typed without network, and what a colleague stores meanwhile."""

import re

from playwright.sync_api import Page, expect

from tests.builders import EAST_WILLOW
from tests.outbox.conftest import Line
from tests.outbox.test_breaks import until
from tests.outbox.typed_forms import new_id, submit
from tests.server.pages import post
from tests.server.visiting import LIST

UNREACHED = re.compile("没有网络|服务器没有回音")
"""Older Chromium does not tell a page of a copy that it is offline."""


def asset(number: int, **other: str) -> dict[str, str]:
    """What the form of an asset holds."""
    known = {"village": EAST_WILLOW, "code": f"2019-{number}", "name": f"大棚{number}"}
    return known | {"kind_of_asset": "operating", "value": "480000"} | other


def colleague_posts(line: Line, action: str, **fields: str) -> str:
    """Another one of the unit posts a form of a register; the address of its row."""
    client = line.app.test_client()
    client.set_cookie("huitoukan", line.token("同事"))
    answer = post(client, action, LIST, **fields)
    assert answer.status_code == 303
    return answer.location


def a_colleague_has_filed_an_asset(line: Line) -> str:
    """The address of its row."""
    return colleague_posts(line, "/registers/asset/new", **{"record-id": new_id(), **asset(1)})


def a_colleague_values_it_otherwise(line: Line, of_asset: str) -> None:
    """The same field as is changed on the phone meanwhile."""
    changed = {"base-version": "1", "seen": "", **asset(1, value="490000")}
    colleague_posts(line, f"{of_asset.rstrip('/')}/edit", **changed)


def keep_registers(page: Page) -> None:
    """A row of a register is changed, and another one written down."""
    page.get_by_label("找户").fill("")
    box = page.locator(".pack-register").filter(has_text="资产登记台账")
    box.locator("summary").click()
    row = box.locator("li").filter(has_text="大棚1")
    row.get_by_role("button", name="改").click()
    expect(page.locator("[name=code]")).to_have_value("2019-1")
    expect(page.locator("[name=kind_of_asset]")).to_have_value("operating")
    page.locator("[name=value]").fill("500000")
    submit(page, "保存修改")
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.get_by_role("link", name="回名单").last.click()
    expect(row).to_contain_text("已填，待发送")

    box.get_by_role("button", name="登记一行").click()
    for name, text in asset(2).items():
        control = page.locator(f"[name={name}]")
        (control.select_option if name in {"village", "kind_of_asset"} else control.fill)(text)
    submit(page, "登记")
    expect(page.locator(".sending-box")).to_contain_text(UNREACHED)
    page.get_by_role("link", name="回名单").last.click()
    expect(box.locator("li").filter(has_text="登记资产登记台账")).to_contain_text("已填，待发送")


def merge_row(page: Page) -> None:
    """One's own value of the field that both changed is kept."""
    page.goto("/outbox/")
    row = page.locator("[data-outbox-list] li").filter(has_text="修改资产登记台账")
    expect(row).to_contain_text("和别人改的碰上了")
    row.get_by_role("button", name="打开修改").click()
    expect(page.locator("form[data-merge]")).to_contain_text("490000")
    until(page, "Boolean(document.querySelector('form[data-merge]').kept)")
    submit(page, page.locator("form[data-merge] button[type=submit]").inner_text())
    page.wait_for_url("**/registers/asset/*/")
