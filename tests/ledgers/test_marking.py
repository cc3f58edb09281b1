"""The copy of a workbook with its wrong cells marked, which can be corrected and sent again."""

import io
from pathlib import Path

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.workbook_reader import mark_workbook, open_workbook
from checklist.problems import Problem
from checklist.values.judge import Context
from tests.ledgers.books import workbook

HEAD = "村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|整改时限|整改成效\n"
WRONG = (
    HEAD
    + "上坝村|张某某|低保户|住房安全|屋漏|换瓦|李某|2022.2.30|已开会研究\n^|王某|脱贫户||停水|查管|李某|8月底|"
)


def read(data: bytes, context: Context) -> LedgerBook:
    with open_workbook(data) as sheets:
        return read_book(sheets, context, "李某")


def comments(sheet: Worksheet) -> dict[str, str]:
    cells = (cell for row in sheet.iter_rows() for cell in row)
    return {cell.coordinate: cell.comment.text for cell in cells if cell.comment}


def test_every_wrong_cell_has_its_sentence_and_a_colour(context: Context) -> None:
    data = workbook({"户内": WRONG})
    book = read(data, context)
    sheet = load_workbook(io.BytesIO(mark_workbook(data, book.problems)))["户内"]
    said = {problem.place.removeprefix("户内!"): problem.message for problem in book.problems}
    assert comments(sheet) == said
    assert list(said) == ["C2", "H2", "I2", "D3"]
    assert {sheet[cell].fill.start_color.rgb for cell in ("C2", "H2", "I2", "D3")} == {"FFFFC7CE"}
    assert sheet["A2"].fill.fill_type is None


def test_the_copy_reads_as_the_workbook_did(context: Context) -> None:
    data = workbook({"户内": WRONG})
    book = read(data, context)
    again = read(mark_workbook(data, book.problems), context)
    assert again.problems == book.problems
    assert [entry.values for entry in again.entries] == [entry.values for entry in book.entries]


def test_marks_of_an_earlier_check_are_taken_away(context: Context) -> None:
    first = workbook({"户内": WRONG})
    copy = load_workbook(io.BytesIO(mark_workbook(first, read(first, context).problems)))
    for cell, right in {"C2": "脱贫户", "H2": "2022.8.25", "I2": "", "D3": "住房安全"}.items():
        copy["户内"][cell].value = right
    copy["户内"]["G3"].value = None
    stream = io.BytesIO()
    copy.save(stream)
    book = read(stream.getvalue(), context)
    assert [problem.place for problem in book.problems] == ["户内!G3"]
    sheet = load_workbook(io.BytesIO(mark_workbook(stream.getvalue(), book.problems)))["户内"]
    assert list(comments(sheet)) == ["G3"]
    assert sheet["C2"].fill.fill_type is None


def test_a_cell_that_was_merged_away_is_marked_where_it_shows(context: Context) -> None:
    data = workbook({"户内": WRONG.replace("上坝村", "石桥村")})
    book = read(data, context)
    sheet = load_workbook(io.BytesIO(mark_workbook(data, book.problems)))["户内"]
    assert sheet["A2"].comment.text.splitlines() == [
        problem.message for problem in book.problems if "!A" in problem.place
    ]
    assert sheet["A2"].comment.text.count("属于") == 2


def test_a_workbook_of_excel_97_becomes_one_of_today(context: Context) -> None:
    data = (Path(__file__).parent / "data" / "household.xls").read_bytes()
    book = read(data, context)
    entry = book.entries[0]
    copy = mark_workbook(data, [Problem(entry.place("content"), "x", "请核对")])
    assert load_workbook(io.BytesIO(copy))["户内"]["G8"].comment.text == "请核对"
    assert len(read(copy, context).entries) == len(book.entries)


def test_what_begins_like_a_formula_is_the_same_text_in_the_copy() -> None:
    # LibreOffice saved =1+1, +86, @x and -x so, as texts.
    data = (Path(__file__).parent / "data" / "signs.xls").read_bytes()
    sheet = load_workbook(io.BytesIO(mark_workbook(data, [Problem("户内!G2", "x", "请核对")])))["户内"]
    cells = sheet["G2:J2"][0]
    assert [(cell.value, cell.data_type) for cell in cells] == [
        ("=1+1", "s"), ("+86", "s"), ("@x", "s"), ("-x", "s"),
    ]  # fmt: skip
