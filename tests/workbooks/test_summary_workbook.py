from dataclasses import replace

import pytest
from openpyxl.worksheet.worksheet import Worksheet

from build_scripts.counting.county_summary import Summary
from build_scripts.counting.pandas_summary import frame_of, summarise
from build_scripts.counting.summary_lines import AnnexTable
from build_scripts.settings import PROJECT
from build_scripts.workbooks.blank_workbooks import blank_book
from build_scripts.workbooks.hidden_sheets import IDENTITY
from build_scripts.workbooks.summary_layout import summary_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from tests.builders import EAST, WEST
from tests.workbooks.reading import merges, read, texts


@pytest.fixture
def summary(campaign: Campaign) -> Summary:
    """东河镇 found three issues in one area, looked for nothing in the second, and has not said about water."""
    lines = [
        ("small", EAST, "income", 3, 2, 1, 1, 1, 4, 0),
        ("small", EAST, "housing", 0, 0, 0, 0, 0, 0, 1),
        ("small", WEST, "housing", 5, 0, 5, 0, 0, 0, 0),
    ]
    return summarise(frame_of(lines, campaign), campaign)


def sheet_of(table: AnnexTable, campaign: Campaign) -> Worksheet:
    sheet = read(summary_book(table, campaign)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def test_a_units_table_has_the_annexes_layout(summary: Summary, campaign: Campaign) -> None:
    sheet = sheet_of(summary.units[0], campaign)
    assert texts(sheet) == [
        ["附件2"],
        ["东河镇整改情况汇总表"],
        ["单位:东河镇"],
        ["负责人签字:"],
        ["单位/乡镇", "问题类型", None, "共排查问题数", "已整改数", "正在整改数", "拟识别监测对象"],
        [None, None, None, None, None, None, "户数", "人数"],
        ["东河镇", "收入变化方面", None, 3, 2, 1, 1, 4],
        [None, "住房和饮水安全方面", "住房安全", 0, 0, 0, 0, 0],
        [None, None, "安全饮水", "—", "—", "—", "—", "—"],
        ["合计", None, None, 3, 2, 1, 1, 4],
    ]
    assert merges(sheet) == {
        "A1:H1", "A2:H2", "A3:H3", "A4:H4",
        "A5:A6", "B5:C6", "D5:D6", "E5:E6", "F5:F6", "G5:H5",
        "A7:A9", "B7:C7", "B8:B9", "A10:C10",
    }  # fmt: skip


def test_the_countys_table_is_the_sum(summary: Summary, campaign: Campaign) -> None:
    sheet = sheet_of(summary.county, campaign)
    assert texts(sheet)[1] == ["青河县整改情况汇总表"]
    assert texts(sheet)[-1] == ["合计", None, None, 8, 2, 6, 1, 4]


def test_the_total_may_stand_beside_the_unit(summary: Summary, campaign: Campaign) -> None:
    form = campaign.summary_table.model_copy(update={"total_spans_unit": False})
    forms = tuple(form if other.id == form.id else other for other in campaign.forms)
    other = Campaign(**{name: getattr(campaign, name) for name in Campaign.model_fields} | {"forms": forms})
    sheet = sheet_of(summary.units[0], other)
    assert {"A7:A10", "B10:C10"} <= merges(sheet)
    assert texts(sheet)[-1] == [None, "合计", None, 3, 2, 1, 1, 4]


def test_a_blank_one_has_labels_and_no_figures(campaign: Campaign) -> None:
    sheet = read(blank_book(campaign.summary_table.id, campaign)).active
    assert isinstance(sheet, Worksheet)
    assert texts(sheet)[1] == ["整改情况汇总表"]
    assert texts(sheet)[6:] == [
        [None, "收入变化方面"],
        [None, "住房和饮水安全方面", "住房安全"],
        [None, None, "安全饮水"],
        ["合计", None, None, *(f'=IF(COUNT({c}7:{c}9)=0,"",SUM({c}7:{c}9))' for c in "DEFGH")],
    ]


def test_it_prints_on_one_a4_page_with_numbers(summary: Summary, campaign: Campaign) -> None:
    sheet = sheet_of(summary.units[0], campaign)
    setup = sheet.page_setup
    # A width of one page is the format's default, and so is not written.
    assert (setup.paperSize, setup.orientation, setup.fitToWidth, setup.fitToHeight) == (
        9,
        "portrait",
        None,
        0,
    )
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.print_options.horizontalCentered
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.print_title_rows == "$5:$6"


def test_a_wide_one_is_turned_and_its_rows_share_the_page(campaign: Campaign) -> None:
    shipped = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    for form, orientation, paper in ((shipped, "landscape", 210), (campaign, "portrait", 297)):
        sheet = read(blank_book(form.summary_table.id, form, form.filing_units[0])).active
        assert isinstance(sheet, Worksheet)
        assert sheet.page_setup.orientation == orientation
        rows = sum(sheet.row_dimensions[row].height for row in range(1, sheet.max_row + 1))
        assert rows / 72 + sheet.page_margins.top + sheet.page_margins.bottom <= paper / 25.4


def test_hidden_cells_say_which_form_and_whose_it_is(summary: Summary, campaign: Campaign) -> None:
    columns = "found rectified rectifying proposed_households proposed_people"
    for table, unit in ((summary.units[0], EAST), (summary.county, "")):
        hidden = read(summary_book(table, campaign))[IDENTITY]
        assert hidden.sheet_state == "veryHidden"
        assert dict(hidden.iter_rows(values_only=True)) == {
            "campaign": "small", "form": "summary", "version": "1", "unit": unit, "fields": columns,
        }  # fmt: skip


def test_fonts_are_those_of_official_documents(summary: Summary, campaign: Campaign) -> None:
    sheet = sheet_of(summary.units[0], campaign)
    assert [sheet[cell].font.name for cell in ("A1", "A2", "A3", "A5", "D7")] == [
        "黑体", "方正小标宋简体", "仿宋", "宋体", "仿宋",
    ]  # fmt: skip
    assert all(
        sheet[cell].alignment.wrap_text and sheet[cell].border.left.style == "thin"
        for cell in ("A5", "B8", "D7")
    )


def test_the_notices_own_annex_2() -> None:
    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    summary = summarise(frame_of([], campaign), campaign)
    sheet = sheet_of(summary.units[0], campaign)
    unit = campaign.filing_units[0].name
    assert texts(sheet)[:8] == [
        ["附件 2"],
        [f"{unit}集中排查“回头看”专项行动整改情况汇总表"],
        [f"单位（盖章）：{unit}"],
        ["填报人："],
        ["主要负责人签字："],
        ["填报时间："],
        ["单位/乡镇", "问题类型", None, "共排查问题数", "已整改数", "正在整改数", "拟识别监测对象"],
        [None, None, None, None, None, None, "户数", "人数"],
    ]
    dashes = ["—"] * 5
    assert texts(sheet)[8:] == [
        [unit, "脱贫人口收入支出变化方面", None, *dashes],
        [None, "“三保障”和饮水安全方面", "义务教育", *dashes],
        [None, None, "基本医疗", *dashes],
        [None, None, "住房安全", *dashes],
        [None, None, "安全饮水", *dashes],
        [None, "防止返贫动态监测帮扶方面", None, *dashes],
        [None, "资金项目管理方面", None, *dashes],
        [None, "产业发展方面", None, *dashes],
        [None, "脱贫人口就业稳岗方面", None, *dashes],
        [None, "易地扶贫搬迁后续扶持方面", None, *dashes],
        [None, "问题整改方面", None, *dashes],
        [None, "人居环境整治方面", None, *dashes],
        [None, "基础工作方面", None, *dashes],
        ["合计", None, None, *dashes],
    ]
    assert {"A9:A21", "B10:B13", "B9:C9", "B14:C14", "B21:C21", "A22:C22"} <= merges(sheet)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "＝", "＋", "－", "＠", "\t=", "{=", "http://"])
def test_no_name_ever_becomes_a_formula_or_a_link(summary: Summary, campaign: Campaign, start: str) -> None:
    name = f'{start}HYPERLINK("http://x","点我")'
    book = read(summary_book(replace(summary.units[0], unit=name), campaign))
    cell = book.worksheets[0]["A7"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (name, "s", None)


def test_two_runs_give_the_same_bytes(summary: Summary, campaign: Campaign) -> None:
    first, second = (to_xlsx(summary_book(summary.county, campaign)) for _ in range(2))
    assert first == second
