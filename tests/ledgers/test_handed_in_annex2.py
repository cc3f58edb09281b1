"""A unit's own annex 2, compared cell by cell with its ledgers."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook

from build_scripts.intake.handed_in_annex2 import EnclosedSummary, differences
from build_scripts.intake.ledger_book import read_book
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.workbooks.blank_workbooks import blank_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.loading.loader import load_campaign
from checklist.values.judge import Context
from forms_server.access import Role
from tests.builders import EAST, WEST
from tests.ledgers.books import HOUSEHOLD, complaints, sheet, workbook
from tests.ledgers.conftest import TODAY
from tests.ledgers.test_pages import confirm, upload
from tests.server.conftest import SignedIn, app, signed_in
from tests.server.pages import text_of

__all__ = ["app", "signed_in"]

ANNEX_2 = """
    附件2
    东河镇整改情况汇总表 | < | < | < | < | < | < | <
    单位：东河镇
    单位/乡镇|问题类型|<|共排查问题数|已整改数|正在整改数|拟识别监测对象|<
    ^|^|<|^|^|^|户数|人数
    东河镇|收入变化方面|<|1|0|1户|—|
    ^|住房和饮水安全方面|住房安全|１|0|1||
    ^|^|安全饮水|2|1|约1|0|0
    合计|<|<|4|1|3|0|0
"""


def summary_of(table: str, context: Context) -> EnclosedSummary:
    book = read_book([sheet(table, "附件2")], context, "李某")
    assert complaints(book) == []
    found = book.sheets[0].summary
    assert found is not None
    return found


COUNTED = {
    ("income", "found"): 1, ("income", "rectifying"): 1,
    ("housing", "found"): 1, ("housing", "rectifying"): 1,
    ("water", "found"): 1, ("water", "rectified"): 1,
    ("", "found"): 3, ("", "rectified"): 1, ("", "rectifying"): 2,
}  # fmt: skip


def test_every_cell_that_differs_is_listed(context: Context) -> None:
    found = differences(summary_of(ANNEX_2, context), COUNTED, context)
    assert [(each.place, each.row, each.column, each.handed_in, each.counted) for each in found] == [
        ("附件2!D8", "安全饮水", "共排查问题数", "2", 1),
        ("附件2!F8", "安全饮水", "正在整改数", "约1", 0),
        ("附件2!D9", "合计", "共排查问题数", "4", 3),
        ("附件2!F9", "合计", "正在整改数", "3", 2),
    ]


def test_what_agrees_is_not_listed(context: Context) -> None:
    right = ANNEX_2.replace("2|1|约1", "1|1|0").replace("4|1|3", "3|1|2")
    assert differences(summary_of(right, context), COUNTED, context) == []


def test_the_shipped_annex_2_is_understood_whole() -> None:
    shipped = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
    unit = shipped.units.townships[0]
    data = to_xlsx(blank_book(shipped.summary_table.id, shipped, unit))
    context = Context(shipped, unit, TODAY)
    with open_workbook(data) as sheets:
        book = read_book(sheets, context, "李某")
    found = next(report.summary for report in book.sheets if report.summary)
    kinds = [*(kind.id for kind in shipped.problem_types), ""]
    columns = [column.id for column in shipped.summary_table.columns]
    assert list(found.figures) == [(kind, column) for kind in kinds for column in columns]


def test_another_units_annex_2_is_not_taken(context: Context) -> None:
    west = read_book([sheet(ANNEX_2.replace("单位：东河镇", "单位：西岭镇"), "附件2")], context, "李某")
    assert complaints(west) == ["附件2!A3 other-unit"]
    small = context.campaign
    with open_workbook(to_xlsx(blank_book("summary", small, small.unit_by_code[WEST]))) as sheets:
        assert " other-unit" in complaints(read_book(sheets, context, "李某"))


def test_rows_with_figures_that_nobody_counts_are_named(context: Context) -> None:
    more = "^|住房和饮水安全方面|<|3|1|2||\n    ^|其他|<|2|0|2||\n    ^|没有的|<|0||||\n    合计"
    summary = summary_of(ANNEX_2.replace("合计", more), context)
    assert summary.unread == ("其他",)
    assert len(summary.figures) == 20


def test_columns_that_are_not_the_annexes_are_named(context: Context) -> None:
    lines = ANNEX_2.strip("\n").splitlines()
    lines[3:5] = [lines[3] + "|备注", lines[4] + "|^"]
    assert summary_of("\n".join(lines), context).unread == ("备注",)


@pytest.mark.parametrize(
    ("typed", "differs"),
    [("0", False), ("", False), ("/", False), ("—", False), ("无", False), ("暂无", False), ("不涉及", False),
     ("0户", False), ("零", False), ("待统计", True), ("同上", True), ("约1", True), ("1户", True), ("#N/A", True)],
)  # fmt: skip
def test_what_means_nought_in_the_shipped_annex_2(typed: str, differs: bool) -> None:
    shipped = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
    context = Context(shipped, shipped.units.townships[0], TODAY)
    table = (
        "问题类型|共排查问题数|已整改数|正在整改数|拟识别监测对象户数|拟识别监测对象人数\n"
        f"产业发展|0|0|0|{typed}|0"
    )
    assert bool(differences(summary_of(table, context), {}, context)) == differs


@pytest.fixture
def east(signed_in: SignedIn) -> FlaskClient:
    return signed_in(EAST, Role.REPORTER)


def test_the_page_compares_with_what_is_recorded(east: FlaskClient) -> None:
    confirm(east, upload(east, workbook({"户内": HOUSEHOLD})))
    page = upload(east, workbook({"附件2": ANNEX_2}))
    assert page.status_code == 200
    said = text_of(page)
    assert "有 4 格与导入以后的台账对不上" in said
    assert "附件2!F8 安全饮水 正在整改数 约1 0" in said
    assert "还没有导入" not in said


def test_a_ledger_with_its_own_right_annex_2_is_told_as_right(east: FlaskClient) -> None:
    """Compared after the rows count, not with what is recorded before."""
    right = ANNEX_2_OF_HOUSEHOLD
    page = upload(east, workbook({"户内": HOUSEHOLD, "附件2": right}))
    assert "每一格都与导入以后的台账一致，账账相符" in text_of(page)
    confirm(east, page)
    again = upload(east, workbook({"户内": HOUSEHOLD, "附件2": right}))
    assert "每一格都与导入以后的台账一致，账账相符" in text_of(again)
    wrong = upload(
        east, workbook({"户内": HOUSEHOLD, "附件2": right.replace("安全饮水|1|1|0", "安全饮水|1|0|1")})
    )
    assert "有 2 格与导入以后的台账对不上" in text_of(wrong)


ANNEX_2_OF_HOUSEHOLD = """
    单位/乡镇|问题类型|<|共排查问题数|已整改数|正在整改数|户数|人数
    东河镇|收入变化方面|<|1|0|1|0|0
    ^|住房和饮水安全方面|住房安全|1|0|1|0|0
    ^|^|安全饮水|1|1|0|0|0
    合计|<|<|3|1|2|0|0
"""


def test_the_total_that_a_blank_form_adds_up_by_itself_is_read(tmp_path: Path, context: Context) -> None:
    """Filled in by a program that calculates nothing, so that the formulas have no results."""
    path = tmp_path / "附件2.xlsx"
    path.write_bytes(to_xlsx(blank_book(context.campaign.summary_table.id, context.campaign, context.unit)))
    book = load_workbook(path)
    for row, figures in ((7, (1, 0, 1, 1, 4)), (8, (2, 1, 1, 0, 0))):
        for column, figure in enumerate(figures, 4):
            book.active.cell(row, column, figure)
    book.save(path)
    with open_workbook(path.read_bytes()) as sheets:
        read = read_book(sheets, context, "李某")
    assert complaints(read) == []
    summary = next(each.summary for each in read.sheets if each.summary)
    totals = {column: figure.number for (kind, column), figure in summary.figures.items() if not kind}
    assert list(totals.values()) == [3, 1, 2, 1, 4]
    (wrong,) = [each for each in differences(summary, {("", "found"): 9}, context) if each.counted == 9]
    assert wrong.handed_in == "3（公式没有存下结果，按各行相加）"
