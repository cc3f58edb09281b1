"""What a team does on a phone in the story of the second phase: with and without network."""

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.inspection.county import FALSE, MISSED, TOLD, WORDS, County, check, visit
from tests.outbox.test_breaks import KEPT, NOTHING_WAITS, until
from tests.outbox.typed_forms import picture

PIN = "柳林渡口七号"
OFFLINE_VISIT, OFFLINE_CHECK = 0, 6
"""Numbers of the household and of the falsely reported issue that are looked at without network."""


def submit(page: Page, name: str | re.Pattern[str], place: str = "main") -> None:
    page.locator(place).get_by_role("button", name=name).first.click()


def fits(page: Page) -> None:
    """Nothing of the page is cut off on a phone."""
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, page.url


def unfold(page: Page) -> None:
    for area in page.locator("details.area").all():
        if not area.evaluate("each => each.open"):
            area.locator("summary").first.click()


def fill_in(page: Page, photo: Path) -> None:
    """One problem with a photograph, the rest fine; saved."""
    unfold(page)
    page.locator("[name='house-safe.is'][value=problem]").check()
    box = page.locator("#house-safe .problem")
    box.locator("textarea").fill(WORDS)
    box.locator("input[type=file]").set_input_files(photo)
    for area in page.locator("details.area").all():
        if not area.evaluate("each => each.open"):
            area.locator("summary").first.click()
        area.locator("[data-fill=fine]").click()
    page.locator(".visit-buttons .btn-primary").click()


def without_network(team: Page, folder: Path) -> None:
    """In the morning the draw comes along; in the village a sheet, a finding and a check are kept, and sent in the evening."""
    team.goto("/field/")
    for label in ("定一个口令", "再输一遍"):
        team.get_by_label(label).fill(PIN)
    submit(team, "带走")
    expect(team.locator("[data-counts]")).to_contain_text("一共 39 户")
    until(team, KEPT)
    expect(team.locator("[data-unready]")).to_be_hidden()
    team.context.set_offline(True)
    team.goto("/field/")
    team.get_by_label("口令", exact=True).fill(PIN)
    team.get_by_role("button", name="打开", exact=True).click()
    fits(team)
    row = team.locator("[data-households] li").filter(
        has=team.get_by_text(f"赵某{OFFLINE_VISIT}", exact=True)
    )
    row.get_by_role("button", name="开始").click()
    expect(team.locator("h1")).to_have_text(f"赵某{OFFLINE_VISIT}")
    fits(team)
    fill_in(team, picture(folder, 1))
    expect(team.locator(".sending-box")).to_contain_text(re.compile("没有网络|服务器没有回音"))
    team.get_by_role("link", name="回名单").last.click()
    expect(row).to_contain_text("已填，待发送")

    issue = team.locator("[data-issues] li").filter(has_text=f"赵某{OFFLINE_CHECK}")
    issue.get_by_role("button", name="核实").click()
    expect(team.locator("h1")).to_have_text("核实整改")
    fits(team)
    false_verdict(team, picture(folder, 2))
    expect(team.locator(".sending-box")).to_contain_text(re.compile("没有网络|服务器没有回音"))
    expect(team.locator("[data-outbox] strong")).to_have_text("2")
    team.context.set_offline(False)
    team.goto("/outbox/")
    until(team, NOTHING_WAITS)
    expect(team.locator("[data-receipts]")).to_contain_text(f"赵某{OFFLINE_VISIT}")


def false_verdict(page: Page, photo: Path | None = None) -> None:
    page.get_by_label("虚假整改").check()
    page.get_by_label("看到的情况").fill("水龙头没有水。")
    if photo:
        page.get_by_label("现场照片").set_input_files(photo)
    submit(page, "保存核实结果")


def the_other_visits(people: County, team: Page, folder: Path) -> None:
    """Thirty-four fine ones over HTTP; four with a problem by hand, one of them filed on the page of what was seen."""
    for number in range(40):
        if number not in MISSED | {OFFLINE_CHECK}:
            visit(people, number)
    for number in sorted(MISSED - {OFFLINE_VISIT}):
        team.goto("/inspection/")
        team.get_by_role("link", name=f"赵某{number}", exact=True).click()
        expect(team.locator("h1")).to_have_text(f"赵某{number}")
        fill_in(team, picture(folder, 10 + number))
        expect(team.locator("h1")).to_contain_text("看到的问题")
        expect(team.locator("main")).to_contain_text("督导第")
        fits(team)
    assert len(people.rows("spot_visit")) == 40
    ways = [each.way for each in people.rows("inspection_finding")]
    assert (ways.count("missed"), ways.count("check")) == (5, 1)


def the_other_checks(people: County, team: Page) -> None:
    for issue in people.rows("issue"):
        number = int(issue.householder.removeprefix("赵某"))
        if issue.finding_number is not None or number == OFFLINE_CHECK:
            continue
        if number not in FALSE:
            check(people.inspector, issue, "confirmed", "")
            continue
        team.goto(f"/inspection/issues/household-issues/{issue.id}")
        fits(team)
        false_verdict(team)
        expect(team.locator(".alert-success")).to_contain_text("已退回整改")
    found = people.rows("inspection_finding")
    assert sorted(each.number for each in found) == list(range(1, 9))
    assert len(people.rows("spot_check")) == len(TOLD)
