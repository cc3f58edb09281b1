"""Rows below a header that are no records: each named for what it is; none blocks, none counts."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.row_kinds import ROW_KIND_NAMES, RowKind
from checklist.loading.loader import load_campaign
from checklist.questions import Answers
from checklist.values.judge import Context
from tests.ledgers.books import complaints, sheet

SHIPPED = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
HEAD = "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效"
ROW = "1|丁里镇|河头村|张某甲|脱贫户|住房安全|屋漏|换瓦|李某|县住建局|2022.8.31|"


def read(*rows: str, head: str = HEAD, **answers: str) -> LedgerBook:
    unit = next(unit for unit in SHIPPED.units.townships if unit.name == "丁里镇")

    def reading(given: dict[str, str]) -> LedgerBook:
        context = Context(SHIPPED, unit, date(2022, 8, 25), Answers(given))
        return read_book([sheet("\n".join([head, *rows]))], context, "李某")

    asked = {each.question.typed: each.question.key for each in reading({}).problems if each.question}
    return reading({asked[typed]: answer for typed, answer in answers.items()})


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("||武寺村小计|||||||||", RowKind.TOTAL),
        ("||武寺村小计|5||||||||3", RowKind.TOTAL),
        ("6|丁里镇|武寺村小计|5户||||||||3", RowKind.TOTAL),
        ("小计||3|条||||||||", RowKind.TOTAL),
        ("|河头村合计||||||||||", RowKind.TOTAL),
        ("户内问题合计|||12||||||||", RowKind.TOTAL),
        ("本页合计：3||||||||||", RowKind.TOTAL),
        ("制表人：张某|||审核人：李某|||||||2022.8.19|", RowKind.SIGNATURE),
        ("审核人：李某|||||||||||", RowKind.SIGNATURE),
        ("填报人：李某|||||||||||", RowKind.NOTE),
        ("注：本表一式两份|||||||||||", RowKind.NOTE),
        ("||||||||||2022年8月19日|", RowKind.DATE),
        ("2022年8月19日|||||||||||", RowKind.DATE),
        ("||||||2022.8.19|||||", RowKind.DATE),
        ("例|丁里镇|河头村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|县住建局|2022.8.31|", RowKind.EXAMPLE),
        ("（例）|丁里镇|河头村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|县住建局|2022.8.31|", RowKind.EXAMPLE),
        ("3|丁里镇|河头村|||||||||", RowKind.BLANK),
        ("||河头村|||||||||", RowKind.BLANK),
        ("（以下空白）|||||||||||", RowKind.NOTE),
        ("二、饮水安全方面|||||||||||", RowKind.NOTE),
        ("本村共 1 户 1 个问题|||||||||||", RowKind.NOTE),
    ],
)
def test_rows_below_records(row: str, kind: RowKind) -> None:
    book = read(ROW, row)
    assert (len(book.entries), book.sheets[0].left_rows) == (1, {kind: [3]})
    assert complaints(book) == []


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("1|2|3|4|5|6|7|8|9|10|11|12", RowKind.NUMBERING),
        ("（1）|（2）|（3）|（4）|（5）|（6）|（7）|（8）|（9）|（10）|（11）|（12）", RowKind.NUMBERING),
        (
            "|填镇名|填村名|填写户主姓名|必填，脱贫户、边缘易致贫户、一般农户|下拉选|写清楚问题|写明措施|填写姓名|填写单位|格式如2022.8.31|",
            RowKind.EXPLANATION,
        ),
        ("例|丁里镇|河头村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|县住建局|2022.8.31|", RowKind.EXAMPLE),
    ],
)
def test_rows_between_header_and_records(row: str, kind: RowKind) -> None:
    book = read(row, ROW)
    assert (len(book.entries), book.sheets[0].left_rows) == (1, {kind: [2]})
    assert complaints(book) == []


@pytest.mark.parametrize(("mark", "likely"), [("删除", "leave"), ("不要", ""), ("重复", ""), ("待核", "")])
def test_words_in_place_of_a_number_are_asked_about(mark: str, likely: str) -> None:
    book = read(ROW, ROW.replace("1|", f"{mark}|", 1).replace("张某甲", "张某乙"))
    (question,) = (each.question for each in book.problems if each.question)
    assert (question.typed, question.answer) == (f"写着“{mark}”的行", likely)
    assert (len(book.entries), book.sheets[0].left_rows) == (1, {RowKind.UNWANTED: [3]})


@pytest.mark.parametrize("number", ["①", "一", "（二）", "1.", "A1", "第1户", "/", "-", "无", "同上"])
def test_other_ways_of_numbering_are_no_words(number: str) -> None:
    book = read(ROW, ROW.replace("1|", f"{number}|", 1).replace("张某甲", "张某乙"))
    assert (len(book.entries), complaints(book)) == (2, [])


@pytest.mark.parametrize(
    "row",
    [
        "2|丁里镇|河头村|李某|脱贫户|住房安全|医药费合计5000元没报|填写申请表，注明原因|李某|县住建局|2022.8.31|",
        "2|丁里镇|河头村|李合计|脱贫户|住房安全|合计|换瓦|李某|县住建局|2022.8.31|",
        "2|丁里镇|河头村||脱贫户|住房安全|2022.8.19 漏雨|换瓦|李某|县住建局|2022.8.31|",
    ],
)
def test_records_that_look_like_something_else(row: str) -> None:
    assert len(read(ROW, row).entries) == 2
    assert len(read(row).entries) == 1


def test_every_kind_has_a_name() -> None:
    assert set(ROW_KIND_NAMES) == set(RowKind)


WORDS = st.sampled_from(
    [
        "",
        "小计",
        "合计：5",
        "河头村",
        "3",
        "3户",
        "1",
        "例",
        "注",
        "屋漏",
        "2022.8.19",
        "审核人：李某",
        "填写",
        "#N/A",
    ]
)


@given(cells=st.lists(WORDS, min_size=12, max_size=12))
def test_a_row_under_a_number_with_type_and_content_is_always_a_record(cells: list[str]) -> None:
    cells[0], cells[5], cells[6] = "7", "住房安全", "屋漏"
    book = read(ROW, "|".join(cells))
    assert len(book.entries) == 2


def test_columns_that_are_not_known_are_not_read_and_can_be_mapped() -> None:
    head = HEAD + "|备注|电话"
    book = read(ROW + "|急|1", head=head)
    assert (book.sheets[0].unread, complaints(book)) == (("备注", "电话"), [])
    mapped = read(ROW + "|4|1", head=head, 备注="people")
    assert (mapped.entries[0].values["people"], mapped.sheets[0].unread) == (4, ("电话",))


def test_a_column_that_must_be_there_is_asked_for_among_those_that_are_not_known() -> None:
    head = HEAD.replace("具体内容", "问题表现")
    assert complaints(read(ROW, head=head)) == ["户内!G1 column-unknown", "户内!A1 column-missing"]
    book = read(ROW, head=head, 问题表现="content")
    assert (book.entries[0].values["content"], complaints(book)) == ("屋漏", ["户内!G1 column-answered?"])


def test_a_column_that_may_be_the_outcome_is_never_left_out_in_silence() -> None:
    head = HEAD.replace("整改成效", "落实情况")
    assert "户内!L1 column-unknown" in complaints(read(ROW + "已整改", head=head))
    assert read(ROW + "已整改", head=head, 落实情况="outcome").entries[0].rectified
    assert read(ROW + "是", head=head, 落实情况="state").entries[0].rectified


def test_a_field_that_has_a_column_is_not_offered_again() -> None:
    book = read(ROW + "|4|5", head=HEAD + "|人数|口数", 人数="people", 口数="people")
    assert complaints(book) == ["户内!M1 column-answered?", "户内!N1 column-unknown"]


def test_the_answer_holds_for_files_of_the_same_shape_only() -> None:
    def keys(head: str) -> set[str]:
        return {each.question.key for each in read(ROW + "|急|", head=head).problems if each.question}

    assert keys(HEAD + "|备注") == keys(HEAD + "|备 注")
    assert keys(HEAD + "|备注").isdisjoint(keys(HEAD + "|备注|电话"))
