import re
from datetime import date, datetime
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from build_scripts.settings import PROJECT
from build_scripts.workbooks.blank_workbooks import NoSuchBlank, blank_book
from build_scripts.workbooks.column_validation import BUILDERS, column_of
from build_scripts.workbooks.hidden_sheets import IDENTITY, LISTS
from build_scripts.workbooks.record_layout import blank_record_book, fields_in_order, record_book
from build_scripts.workbooks.workbook_values import TEXT
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Field, FieldType, RecordForm
from tests.builders import EAST, WATER
from tests.workbooks.reading import merges, read, texts


@pytest.fixture
def household(campaign: Campaign) -> RecordForm:
    form = campaign.form_by_id["household-issues"]
    assert isinstance(form, RecordForm)
    return form


def blank(campaign: Campaign, form: str = "household-issues", unit: str | None = EAST) -> Workbook:
    return read(blank_book(form, campaign, campaign.unit_by_code[unit] if unit else None))


def table(workbook: Workbook) -> Worksheet:
    sheet = workbook.worksheets[0]
    assert workbook.active is sheet
    return sheet


def drop_downs(workbook: Workbook) -> dict[str, list[object]]:
    """Header of each column with a drop-down, and what it offers."""
    sheet, lists = table(workbook), workbook[LISTS]
    offered = {}
    for check in sheet.data_validations.dataValidation:
        if check.type == "list":
            column = str(check.sqref).split(":")[0].rstrip("0123456789")
            name, area = check.formula1.split("!")
            assert name == LISTS
            rows = lists[area.replace("$", "")]
            cells = [row[0] for row in rows] if isinstance(rows, tuple) else [rows]
            offered[str(sheet[f"{column}6"].value)] = [cell.value for cell in cells]
    return offered


def test_every_field_type_has_a_column() -> None:
    assert set(BUILDERS) == set(FieldType)


def test_every_field_of_every_shipped_form_has_its_column() -> None:
    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    for form in campaign.record_forms:
        sheet = table(blank(campaign, form.id, campaign.filing_units[0].code))
        headers = {str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row}
        assert {field.header or field.label for field in form.fields} <= headers
        assert {field.id for field in fields_in_order(form)} == {field.id for field in form.fields}


def test_a_blank_ledger_has_the_annexes_layout(campaign: Campaign) -> None:
    sheet = table(blank(campaign))
    assert texts(sheet)[:10] == [
        ["附件1-1"],
        ["东河镇问题整改台账(户内问题)"],
        ["填报单位:东河镇"],
        ["填报人:"],
        ["填报时间:"],
        [
            "序号",
            "镇",
            "村",
            "户主姓名",
            "户类型",
            "问题类型",
            "具体内容",
            "整改措施",
            "整改责任",
            None,
            "整改时限",
            "整改成效",
            "人数",
        ],
        [None, None, None, None, None, None, None, None, "责任人", "责任单位"],
        [1],
        [2],
        [3],
    ]
    assert texts(sheet)[-1] == [15]
    own = {f"{column}6:{column}7" for column in "ABCDEFGHKLM"}
    assert merges(sheet) == {f"A{row}:L{row}" for row in range(1, 6)} | own | {"I6:J6"}


def test_the_levels_are_printed_with_the_gaps_for_their_places_as_the_annex_has_them(
    campaign: Campaign,
) -> None:
    sheet = table(blank(campaign, "general-issues"))
    assert texts(sheet)[4:8] == [
        [1, "县级层面（xx 单位）"],
        [2, "镇级层面（xx 乡镇）"],
        [3, "村级层面（xx 乡镇 xx 村）"],
        [4],
    ]
    refuses = {
        str(check.sqref)[0]: check.showErrorMessage
        for check in sheet.data_validations.dataValidation
        if check.type == "list"
    }
    assert refuses == {"B": False, "C": True, "J": True, "K": True}


def test_without_a_unit_it_has_the_annexes_gap(campaign: Campaign) -> None:
    sheet = table(blank(campaign, unit=None))
    assert texts(sheet)[1:3] == [["_____单位/乡镇问题整改台账(户内问题)"], ["填报单位:"]]


def test_it_prints_the_official_columns_turned_on_a4(campaign: Campaign) -> None:
    sheet = table(blank(campaign))
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
    assert sheet.print_title_rows == "$6:$7"
    assert str(sheet.print_area).endswith("$A$1:$L$1048576")
    assert sheet.freeze_panes == "A8"


def test_a_townships_drop_downs_offer_its_own_villages(campaign: Campaign) -> None:
    assert drop_downs(blank(campaign)) == {
        "镇": ["东河镇"],
        "村": ["湖滨社区居民委员会", "柳林村委会", "上坝村委会"],
        "户类型": ["脱贫户", "边缘易致贫户", "一般农户"],
        "问题类型": ["收入变化方面", "住房安全", "饮水安全"],
    }


@pytest.mark.parametrize("unit", [None, WATER])
def test_others_are_offered_all_villages_each_name_once(campaign: Campaign, unit: str | None) -> None:
    offered = drop_downs(blank(campaign, unit=unit))
    assert offered["镇"] == ["东河镇", "西岭镇"]
    assert offered["村"] == ["湖滨社区居民委员会", "柳林村委会", "上坝村委会", "石桥村村委会"]


def test_what_is_typed_below_the_numbered_rows_is_text_and_checked(campaign: Campaign) -> None:
    sheet = table(blank(campaign))
    assert sheet.column_dimensions["G"].width > 0
    areas = [str(check.sqref) for check in sheet.data_validations.dataValidation]
    assert all(area.endswith("1007") for area in areas)
    people = next(check for check in sheet.data_validations.dataValidation if check.type == "whole")
    assert (people.formula1, people.formula2) == ("1", "30")
    assert "“人数”只能填整数；请填 1 到 30 之间的数字" in people.error
    assert sheet["G8"].number_format == TEXT


def test_a_fields_help_appears_at_its_cells(campaign: Campaign) -> None:
    field = Field(id="x", label="甲", type=FieldType.TEXT, help="写清楚" * 200)
    assert column_of(field, campaign, None).check.hint == field.help
    form = campaign.record_forms[0].model_copy(update={"fields": (field,)})
    sheet = table(read(blank_record_book(form, campaign, None)))
    assert sheet.data_validations.dataValidation[0].prompt == field.help[:255]


def test_hidden_cells_say_which_form_it_is(campaign: Campaign) -> None:
    workbook = blank(campaign)
    identity = workbook[IDENTITY]
    assert dict(identity.iter_rows(values_only=True)) == {
        "campaign": "small",
        "form": "household-issues",
        "version": "1",
        "unit": EAST,
        "fields": "serial township village householder household_type problem_type content measures "
        "responsible_person responsible_unit deadline outcome people",
    }
    assert [workbook[name].sheet_state for name in (IDENTITY, LISTS)] == ["veryHidden", "veryHidden"]


STARTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "＝1+1",
    "＋1",
    "－1",
    "＠a",
    "\t=1",
    "=HYPERLINK(1)",
    "{=1}",
    "http://x.cn",
    "001",
]


def test_every_text_of_a_row_is_text(campaign: Campaign, household: RecordForm) -> None:
    width = len(household.fields)
    book = record_book(household, campaign, None, [[text] * width for text in STARTS])
    workbook = read(book)
    for row, expected in enumerate(STARTS, 8):
        cells = table(workbook)[row]
        assert {cell.value for cell in cells} == {expected}
        assert {cell.data_type for cell in cells} == {"s"}
        assert all(cell.hyperlink is None for cell in cells)
    with ZipFile(BytesIO(to_xlsx(book))) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_numbers_dates_and_gaps_are_what_they_are(campaign: Campaign) -> None:
    form = campaign.form_by_id["proposed-household"]
    assert isinstance(form, RecordForm)
    values = {"serial": 7, "identified_on": date(2022, 8, 20), "people": 4}
    row = [values.get(field.id) for field in fields_in_order(form)]
    cells = table(read(record_book(form, campaign, None, [row])))[3]
    found = {field.id: cell.value for field, cell in zip(fields_in_order(form), cells, strict=True)}
    assert {name: value for name, value in found.items() if value is not None} == values | {
        "identified_on": datetime(2022, 8, 20)
    }


def test_rows_are_high_enough_for_their_texts_and_grow_with_what_is_typed(
    campaign: Campaign, household: RecordForm
) -> None:
    short, long = ([words] * len(household.fields) for words in ("短", "西屋山墙有裂缝，没有鉴定。\n" * 4))
    book = record_book(household, campaign, None, [short, long, ["长" * 3000] * len(household.fields)])
    heights = [table(read(book)).row_dimensions[row].height for row in (8, 9, 10)]
    assert heights[0] == 27
    assert 100 < heights[1] < 400
    assert heights[2] == pytest.approx(409, abs=1)  # no row can be higher
    with ZipFile(BytesIO(to_xlsx(book))) as archive:
        rows = re.findall(r"<row [^>]*>", archive.read("xl/worksheets/sheet1.xml").decode())
    fixed_by_hand = ["customHeight" in row for row in rows]
    assert fixed_by_hand == [True] * 7 + [False] * 3


def test_a_text_that_no_cell_can_hold_is_refused(campaign: Campaign, household: RecordForm) -> None:
    row = ["字" * 32768, *[None] * (len(household.fields) - 1)]
    with pytest.raises(ValueError, match="A8 的内容太长"):
        to_xlsx(record_book(household, campaign, None, [row]))


def test_two_runs_give_the_same_bytes(campaign: Campaign) -> None:
    east = campaign.unit_by_code[EAST]
    for form in campaign.record_forms:
        first, second = (to_xlsx(blank_book(form.id, campaign, east)) for _ in range(2))
        assert first == second


def test_the_day_in_it_is_the_notices(campaign: Campaign) -> None:
    assert blank(campaign).properties.created.date() == campaign.notice.issued


def test_what_is_no_table_is_refused(campaign: Campaign) -> None:
    with pytest.raises(
        NoSuchBlank, match="请从这些当中选一个：household-issues、general-issues、proposed-household、summary"
    ):
        blank_book("report", campaign)
