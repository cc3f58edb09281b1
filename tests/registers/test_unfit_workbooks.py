"""Workbooks that would write a register's rows twice, or into another period: refused before anything is stored."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import Workbook

from forms_server.account import Role
from tests.builders import EAST
from tests.registers.test_register_pages import asset, file, post, stored, worker
from tests.registers.test_register_workbooks import cells, confirmed, exported, sent
from tests.server.conftest import application, client_of
from tests.small_registers import campaign_with_registers

NEW = {
    "村": "柳林村",
    "资产编号": "2019-9",
    "资产名称": "冷库",
    "资产类别": "经营性",
    "资产原值（元）": 5000,
}


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    with application(tmp_path, campaign_with_registers()) as app:
        yield app


@pytest.fixture
def east(app: Flask) -> FlaskClient:
    return client_of(app, EAST, Role.REPORTER)


def told(preview: BeautifulSoup) -> str:
    """What a preview says that imports nothing as it stands."""
    form = preview.select_one("form.confirm")
    assert form is None or "重新核对" in form.get_text()
    return preview.select_one("main").get_text()


def test_a_code_that_another_row_has_is_refused_however_it_got_there(east: FlaskClient) -> None:
    """Two rows exchanged, one called like another, one called like a new one: none is found out while storing."""
    for number in (1, 2):
        file(east, "asset", **asset(number))

    def with_codes(first: str, second: str) -> Workbook:
        book = exported(east)
        for line, code in ((3, first), (4, second)):
            book.worksheets[0].cell(line, cells(book)["资产编号"]).value = code
        return book

    for first, second in (("2019-2", "2019-1"), ("2019-2", "2019-7")):
        assert "已经另有第 2 行" in told(sent(east, with_codes(first, second)))
    both = with_codes("2019-9", "2019-2")
    for name, value in NEW.items():
        both.worksheets[0].cell(5, cells(both)[name]).value = value
    assert "说的是同一个" in told(sent(east, both))


def test_last_months_workbook_does_not_pass_for_this_months(app: Flask, east: FlaskClient) -> None:
    file(east, "work", period="2022-07", **worker(1))
    july = exported(east, "/registers/work/export.xlsx?period=2022-07")
    assert "这张表是别的一期导出的" in told(sent(east, july, "work"))
    file(east, "work", period="2022-08", **worker(1, income="9"))
    assert "没有选错：2022年8月就照这张表填" in told(sent(east, july, "work"))
    assert "与系统里的完全一致" in sent(east, july, "work", period="2022-07").text
    assert [row["extra"]["income"] for row in stored(app, "2022-08")] == [9]


def test_no_page_and_no_workbook_writes_into_a_month_to_come(app: Flask, east: FlaskClient) -> None:
    assert file(east, "work", period="2022-09", **worker(1)).status_code == 403
    file(east, "work", period="2022-08", **worker(1))
    assert post(east, "/registers/work/open", period="2099-12").status_code == 403
    book = Workbook()
    book.active.append(["行政村", "户主姓名", "姓名", "务工状态"])
    book.active.append(["柳林村", "王某某", "王某某", "在外务工"])
    assert "2022年9月还没有开始" in told(sent(east, book, "work", period="2022-09"))
    assert stored(app, "2022-09") == stored(app, "2099-12") == []


def test_a_retyped_row_that_has_ended_is_told_and_not_counted_twice_in_silence(
    app: Flask, east: FlaskClient
) -> None:
    address = file(east, "asset", **asset(9)).headers["Location"]
    version = {"base-version": "1", "state": "disposed", "reason": "已经拆除"}
    assert post(east, f"{address}state", **version).status_code == 303
    book = Workbook()
    book.active.append([*NEW])
    book.active.append([*NEW.values()])
    preview = sent(east, book)
    assert "同样的有过第 1 行，已经“已处置”" in preview.text
    assert confirmed(east, preview).status_code == 303
    back = {"base-version": "2", "state": "in-use"}  # the old one does not come back beside the new one
    assert post(east, f"{address}state", **back).status_code == 303
    assert [row["ended"] for row in stored(app)] == [True, False]


def test_a_carried_row_is_not_confirmed_against_the_rules(tmp_path: Path) -> None:
    """What held last month and is an error in this one: the tick refuses it as the form does."""
    campaign = campaign_with_registers()
    check = {"id": "back", "level": "error", "say": "八月起不能再填在外。",
             "when": "state = 'away' and period >= date '2022-08-01'"}  # fmt: skip
    work = next(each for each in campaign.registers if each.id == "work")
    ruled = work.model_validate({**work.model_dump(), "checks": (check,)})
    registers = tuple(ruled if each.id == "work" else each for each in campaign.registers)
    with application(tmp_path, campaign.model_copy(update={"registers": registers})) as app:
        east = client_of(app, EAST, Role.REPORTER)
        file(east, "work", period="2022-07", **worker(1))
        file(east, "work", period="2022-07", **worker(2, state="back"))
        assert post(east, "/registers/work/open", period="2022-08").status_code == 303
        picks = [f"{row['id']}.1" for row in stored(app, "2022-08")]
        post(east, "/registers/work/confirm", period="2022-08", pick=picks)
        assert [row["checked_on"] is None for row in stored(app, "2022-08")] == [True, False]
        shown = east.get("/registers/work/?period=2022-08").get_data(as_text=True)
        assert "有 1 行到了这一期有差错，没有核实" in shown
