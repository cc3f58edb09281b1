"""Numbers and columns of ledgers: the same on the page, over pages, on paper and in the list's workbook."""

from collections.abc import Callable
from datetime import datetime
from io import BytesIO

from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import update

from forms_server.access import Role
from forms_server.db import tables
from forms_server.records import keyset_paging
from tests.builders import EAST, WEST, WEST_WILLOW
from tests.server.pages import post, text_of
from tests.server.records import HOUSEHOLD, ISSUE, file, stored

SignedIn = Callable[..., FlaskClient]
LEDGER = "/records/household-issues/"
NAMES = "甲乙丙丁戊己庚辛"


def rows(client: FlaskClient, query: str = "") -> list[Tag]:
    return BeautifulSoup(client.get(f"{LEDGER}{query}").text, "html.parser").select("table.ledger tbody tr")


def numbers(client: FlaskClient, query: str = "") -> list[str]:
    return [row.select_one("td.serial").text for row in rows(client, query)]


def heads(client: FlaskClient) -> list[str]:
    page = BeautifulSoup(client.get(LEDGER).text, "html.parser")
    return [head.text for head in page.select("table.ledger thead th:not(.no-print)")]


def fill(client: FlaskClient, app: Flask, count: int = 7) -> None:
    for name in NAMES[:count]:
        file(client, HOUSEHOLD, **{**ISSUE, "householder": f"张某{name}", "content": f"{name}处有裂缝。"})
    # Two at one moment: the id decides, on the page as in the workbook.
    with app.extensions["huitoukan"].engine.begin() as connection:
        connection.execute(update(tables.issue).values(created_at=datetime(2022, 8, 20, 9)))


def test_numbers_stay_right_over_pages_and_under_filters(
    reporter: FlaskClient, app: Flask, monkeypatch
) -> None:
    fill(reporter, app)
    every = numbers(reporter)
    assert every == list("7654321")
    by_name = {row.text.split("张某")[1][0]: row.select_one("td.serial").text for row in rows(reporter)}
    monkeypatch.setattr(keyset_paging, "PAGE_SIZE", 3)
    found, query = [], ""
    while True:
        page = BeautifulSoup(reporter.get(f"{LEDGER}{query}").text, "html.parser")
        found += [cell.text for cell in page.select("td.serial")]
        further = [link["href"] for link in page.select(".paging a") if "下一页" in link.text]
        if not further:
            break
        query = further[0].removeprefix(LEDGER)
    assert found == every
    assert numbers(reporter, "?words=张某丙") == [by_name["丙"]]
    record = rows(reporter, "?words=张某丙")[0].select_one("a")["href"]
    assert f"第 {by_name['丙']} 条" in text_of(reporter.get(record))


def test_the_withdrawn_has_no_number_and_the_later_ones_move_up(
    reporter: FlaskClient, signed_in: SignedIn, app: Flask
) -> None:
    fill(reporter, app, 3)
    second = rows(reporter)[1].select_one("a")["href"]
    principal = signed_in(EAST, Role.PRINCIPAL)
    version = str(stored(app)[0]["version"])
    post(
        principal,
        f"{second}/withdraw",
        page=f"{second}/withdraw",
        **{"reason": "重复登记。", "base-version": version},
    )
    assert numbers(reporter) == ["2", "1"]
    assert numbers(reporter, "?state=withdrawn") == [""]


def test_each_unit_counts_its_own(reporter: FlaskClient, signed_in: SignedIn, app: Flask) -> None:
    fill(reporter, app, 2)
    other = signed_in(WEST, Role.REPORTER)
    file(other, HOUSEHOLD, **{**ISSUE, "village": WEST_WILLOW})
    assert sorted(numbers(signed_in(EAST, Role.OFFICE))) == ["1", "1", "2"]


def test_columns_are_chosen_by_each_account_and_hold_on_paper_and_in_the_list(
    reporter: FlaskClient, signed_in: SignedIn, app: Flask
) -> None:
    fill(reporter, app, 3)
    usual = heads(reporter)
    assert usual[:2] == ["序号", "状态"]
    answer = post(
        reporter,
        f"{LEDGER}columns?sort=due",
        page=LEDGER,
        column=["deadline", "householder", "deadlines", "nothing"],
    )
    assert answer.location.endswith(f"{LEDGER}?sort=due")
    assert heads(reporter) == ["序号", "状态", "户主姓名", "整改时限", "时限变化"]
    assert heads(signed_in(EAST, Role.PRINCIPAL)) == usual
    book = load_workbook(BytesIO(reporter.get(f"{LEDGER}list.xlsx?words=张某乙").data))
    sheet = list(book.worksheets[0].values)
    assert sheet[2] == ("序号", "状态", "填报单位", "户主姓名", "整改时限", "时限变化")
    assert [row[0] for row in sheet[3:]] == [int(numbers(reporter, "?words=张某乙")[0])]
    assert sheet[3][3:5] == ("张某乙", "2022年8月31日")
    assert "张某乙；截至" in sheet[1][0]
    assert book.worksheets[0].auto_filter.ref == f"A3:F{len(sheet)}"
    assert book.worksheets[0].column_dimensions["E"].width >= 14  # no day is broken over two lines
    post(reporter, f"{LEDGER}columns", page=LEDGER, usual="1", column=["deadline"])
    assert heads(reporter) == usual


def test_who_oversees_others_says_what_the_list_is_for(signed_in: SignedIn, reporter: FlaskClient) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    office = signed_in(EAST, Role.OFFICE)
    assert office.get(f"{LEDGER}list.xlsx").status_code == 400
    assert office.get(f"{LEDGER}list.xlsx?purpose=报局里").status_code == 200


def test_the_history_of_a_deadline_stands_in_the_ledger(
    reporter: FlaskClient, signed_in: SignedIn, app: Flask
) -> None:
    file(reporter, HOUSEHOLD, **ISSUE)
    record = rows(reporter)[0].select_one("a")["href"]
    principal = signed_in(EAST, Role.PRINCIPAL)
    for day in ("2022-09-05", "2022-09-15"):
        version = BeautifulSoup(principal.get(f"{record}/extend").text, "html.parser").select_one(
            "[name=base-version]"
        )["value"]
        post(
            principal,
            f"{record}/extend",
            page=f"{record}/extend",
            **{"base-version": version, "new_deadline": day, "reason": "雨天不能施工。"},
        )
    post(reporter, f"{LEDGER}columns", page=LEDGER, column=["deadlines"])
    assert "2022年8月31日 → 2022年9月5日 → 2022年9月15日" in rows(reporter)[0].text
