"""Columns of money, decimals, months, answers: in a workbook's own numbers and in words, in other units, and back."""

import io
import random
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from openpyxl import load_workbook

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.workbook_reader import open_workbook
from build_scripts.workbooks.ledger_export import CELLS, ExportedRecord, export_book
from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign, FieldType
from checklist.values.judge import Context, Value
from checklist.values.type_families import FAMILIES
from tests.builders import EAST, EAST_WILLOW, with_each_type
from tests.ledgers.books import complaints, sheet
from tests.small_forms import OF_EACH_TYPE

TODAY = date(2022, 8, 19)
HEAD = "村 | 户主姓名 | 户类型 | 问题类型 | 具体内容 | 责任人 | 整改时限"
ROW = "柳林 | 张某某 | 一般农户 | 饮水安全 | 没有水。 | 王某某 | 8月底前"


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """The small campaign, whose household issues have a field of each type."""
    return with_each_type()


@pytest.fixture(scope="module")
def context(campaign: Campaign) -> Context:
    return Context(campaign, campaign.unit_by_code[EAST], TODAY)


Reading = Callable[..., tuple[dict[str, Value], list[str]]]


@pytest.fixture
def reading(context: Context) -> Reading:
    """Read one row with further columns: its values, and what is said about it."""

    def read(head: str, row: str, above: str = "") -> tuple[dict[str, Value], list[str]]:
        table = f"{above}\n{HEAD} | {head}\n{ROW} | {row}" if above else f"{HEAD} | {head}\n{ROW} | {row}"
        book = read_book([sheet(table)], context, "李某")
        (entry,) = book.entries
        said = [each.partition("!")[2] for each in complaints(book)]
        return entry.values, [each for each in said if "column-of-outcome" not in each]

    return read


def test_every_type_says_what_a_cell_of_it_holds() -> None:
    assert set(CELLS) == set(FieldType)


@pytest.mark.parametrize(
    ("head", "cell", "fen", "said"),
    [
        ("涉及金额（元）", "=3400.5", 340_050, ""),
        ("涉及金额", "3,400.50元", 340_050, ""),
        ("涉及金额（万元）", "=1.2", 1_200_000, "header-unit"),
        ("涉及金额（万元）", "1.2", 1_200_000, "header-unit"),
        ("涉及金额（万元）", "1.2万元", 1_200_000, "header-unit"),
        ("涉及金额（万元）", "五", 5_000_000, "header-unit"),
        ("涉及金额(单位：千元)", "=30862.6147", 3_086_261_470, "header-unit"),
        ("金额（万元）", "=30862.6147", 30_862_614_700, "header-unit"),
        ("金额（万元）", "300元", 30_000, "header-unit"),
    ],
)  # fmt: skip
def test_a_header_in_another_unit_is_converted_and_told(
    reading: Reading, head: str, cell: str, fen: int, said: str
) -> None:
    values, complaints_ = reading(head, cell)
    assert values["cost"] == fen
    assert [each for each in complaints_ if "header-unit" in each] == [f"H1 {said}?"] * bool(said)


def test_a_unit_above_the_table_holds_for_money_without_one(reading: Reading) -> None:
    values, said = reading("涉及金额 | 装机容量", "=1.2 | =60", above="单位：万元")
    assert (values["cost"], values["power"]) == (1_200_000, Decimal(60))
    assert "H2 header-unit?" in said
    values, said = reading("涉及金额（元） | 装机容量（兆瓦）", "=1.2 | =0.06", above="金额单位：万元")
    assert (values["cost"], values["power"]) == (120, Decimal(60))
    assert "I2 header-unit?" in said


def test_a_currency_that_nobody_can_convert_is_refused(reading: Reading) -> None:
    _values, said = reading("涉及金额（美元）", "=1.2")
    assert "H1 header-unit-unknown" in said


@pytest.mark.parametrize(
    ("cell", "month", "said"),
    [("=2022-08-01", "2022-08", []), ("2022年8月", "2022-08", []), ("=2022.8", "2022-08", []), ("=2022.1", None, ["H2 month-cut-off"])],
)  # fmt: skip
def test_months_are_read_from_days_and_numbers(
    reading: Reading, cell: str, month: str | None, said: list[str]
) -> None:
    values, complaints_ = reading("发生年月", cell)
    assert values["since"] == month
    assert complaints_ == said


def test_what_was_computed_is_not_read_from_a_file(context: Context, reading: Reading) -> None:
    values, said = reading("每户金额（元）", "=12.5")
    assert values.get("each") is None
    assert said == ["H2 computed-unknown?"]


def made_records(campaign: Campaign, number: int) -> list[ExportedRecord]:
    """Records with random values of each type, as a person typed them."""
    form = next(each for each in campaign.record_forms if each.id == "household-issues")
    chance, context = random.Random(number), Context(campaign, campaign.unit_by_code[EAST], TODAY)  # noqa: S311
    fields = [field for field in form.fields if field.type in FAMILIES]
    records = []
    for index in range(number):
        values: dict[str, Value] = {
            "village": EAST_WILLOW,
            "householder": f"张某{index}",
            "content": "没有水。",
        }
        for field in fields:
            read = FAMILIES[field.type].read(field, FAMILIES[field.type].sample(field, chance), context)
            values[field.id] = getattr(read, "value")  # noqa: B009
        records.append(ExportedRecord(f"id-{index}", EAST, "正在整改", values))
    return records


def read_back(data: bytes, context: Context) -> LedgerBook:
    with open_workbook(data) as opened:
        return read_book(opened, context, "李某")


def test_what_is_exported_is_read_back_without_a_difference(campaign: Campaign, context: Context) -> None:
    records = made_records(campaign, 60)
    data = to_xlsx(export_book(campaign, campaign.unit_by_code[EAST], {"household-issues": records}))
    entries = read_back(data, context).entries
    ids = [field.id for field in OF_EACH_TYPE if field.type in FAMILIES and FAMILIES[field.type].typed]
    found = [{name: entry.values[name] for name in ids} for entry in entries]
    assert found == [{name: record.values[name] for name in ids} for record in records]


def test_cells_hold_numbers_and_months_that_a_spreadsheet_knows(campaign: Campaign) -> None:
    values: dict[str, Value] = {
        "cost": 30_862_614_755,
        "power": Decimal("60.125"),
        "score": 87,
        "since": "2022-08",
        "public": True,
        "needs": ("post", "course"),
        "each": 1250,
    }
    records = [ExportedRecord("id", EAST, "正在整改", values)]
    data = to_xlsx(export_book(campaign, campaign.unit_by_code[EAST], {"household-issues": records}))
    table = load_workbook(io.BytesIO(data)).worksheets[0]
    row = next(line for line in table.iter_rows() if any(cell.value == "id" for cell in line))
    head = next(line for line in table.iter_rows() if any(cell.value == "是否公示" for cell in line))
    cells = {str(above.value): cell for above, cell in zip(head, row, strict=True)}
    held = {
        name: cells[name].value
        for name in ("涉及金额（元）", "装机容量（千瓦）", "得分", "是否公示", "需要", "每户金额（元）")
    }
    assert held == {
        "涉及金额（元）": 308626147.55,
        "装机容量（千瓦）": 60.125,
        "得分": 87,
        "是否公示": "是",
        "需要": "岗位推荐、技能培训",
        "每户金额（元）": 12.5,
    }
    assert cells["发生年月"].value.date() == date(2022, 8, 1)  # type: ignore[union-attr]
    formats = {name: cells[name].number_format for name in ("涉及金额（元）", "发生年月", "每户金额（元）")}
    assert formats == {"涉及金额（元）": "#,##0.00", "发生年月": "yyyy-mm", "每户金额（元）": "#,##0.00"}
    checks = {str(check.sqref).split(":")[0]: check for check in table.data_validations.dataValidation}
    score = checks[cells["得分"].column_letter + str(row[0].row)]
    assert (score.type, score.formula1, score.formula2) == ("whole", "0", "100")
    power = checks[cells["装机容量（千瓦）"].column_letter + str(row[0].row)]
    assert (power.type, power.formula1, power.errorStyle) == ("decimal", "0.5", "warning")
