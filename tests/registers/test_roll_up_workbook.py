"""The roll-up of a register as a workbook: figures of places and periods that are the pages', and money in yuan."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from openpyxl import load_workbook

from checklist.model import Field
from forms_server.access import Role
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, OFFICE, WEST
from tests.registers.test_register_pages import file, post, worker
from tests.server.conftest import application, signed_in
from tests.small_registers import campaign_with_registers, work_register

__all__ = ["signed_in"]


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Flask]:
    """The income is money, which is stored in fen."""
    county = campaign_with_registers()
    asset, _, upkeep = county.registers
    work = work_register(minimum_cell=2)
    income = Field.model_validate({"id": "income", "label": "月收入", "type": "money"})
    work = work.model_copy(update={"fields": (*work.fields[:-1], income)})
    with application(tmp_path, county.model_copy(update={"registers": (asset, work, upkeep)})) as app:
        yield app


def test_figures_by_place_and_period(app, signed_in):
    east, office = signed_in(EAST, Role.REPORTER), signed_in(OFFICE, Role.OFFICE)
    for number, village in enumerate([EAST_WILLOW, EAST_WILLOW, *[EAST_DAM] * 3], 1):
        assert file(east, "work", period="2022-07", **worker(number, village=village)).status_code == 303
    assert post(east, "/registers/work/open", period="2022-08").status_code == 303
    book = load_workbook(BytesIO(office.get("/registers/work/totals.xlsx?period=2022-07").data))
    assert book.sheetnames == ["汇总", "逐期"]
    sheet = book["汇总"]
    assert sheet["A1"].value == "青河县务工台账2022年7月汇总"
    assert [cell.value for cell in sheet[3]] == ["乡镇、村", "行数", "月收入", "待核实"]
    lines = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    assert lines[:2] == [["合计", 5, 21000, 0], ["　东河镇", 5, 21000, 0]]
    assert ["　　柳林村", 2, 8400, 0] in lines[2:]
    assert sheet["C4"].number_format == "#,##0.00"
    assert sheet.print_title_rows == "$3:$3"
    assert [[cell.value for cell in row] for row in book["逐期"].iter_rows(min_row=4)] == [
        ["2022年8月", 5, 21000, 5],
        ["2022年7月", 5, 21000, 0],
    ]


def test_each_unit_gets_its_own(app, signed_in):
    east = signed_in(EAST, Role.REPORTER)
    for number in (1, 2):
        assert file(east, "work", period="2022-08", **worker(number)).status_code == 303
    titles = {}
    for unit, role in ((EAST, Role.REPORTER), (WEST, Role.REPORTER)):
        sheet = load_workbook(BytesIO(signed_in(unit, role).get("/registers/work/totals.xlsx").data)).active
        titles[sheet["A1"].value] = sheet["B4"].value
    assert titles == {"东河镇务工台账2022年8月汇总": 2, "西岭镇务工台账2022年8月汇总": 0}


def test_what_the_page_hides_the_workbook_hides(app, signed_in):
    east = signed_in(EAST, Role.REPORTER)
    for number, village in enumerate([EAST_WILLOW] * 3 + [EAST_DAM], 1):
        assert file(east, "work", period="2022-07", **worker(number, village=village)).status_code == 303
    sheet = load_workbook(BytesIO(east.get("/registers/work/totals.xlsx?period=2022-07").data)).active
    lines = {row[0].value.strip(): row[1].value for row in sheet.iter_rows(min_row=4)}
    assert lines["上坝村"] == "不显示"
    assert lines["柳林村"] == "不显示"  # else the other would follow from the sum
    assert lines["合计"] == 4
