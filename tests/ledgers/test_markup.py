"""What is scanned from both formats of workbook is the same, and damage is an error of its own kind."""

import contextlib
import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from build_scripts.intake.refusal import Unreadable
from build_scripts.intake.sheet_markup import SheetMarkup
from build_scripts.intake.total_words import TotalWords
from build_scripts.intake.workbook_reader import mark_workbook, open_workbook
from build_scripts.intake.xls_markup import XlsMarkup
from build_scripts.intake.xlsx_markup import XlsxMarkup
from checklist.model import Campaign
from checklist.problems import Problem
from tests.checklist.conftest import shipped

DATA = Path(__file__).parent / "data"
MARKED = (DATA / "marked.xls").read_bytes()


__all__ = ["shipped"]


def test_percent_hidden_struck_and_failed_cells_of_excel_97() -> None:
    markup = XlsMarkup(MARKED)
    said = markup.of("户内")
    assert said.percent == {(row, 11) for row in (2, 3, 4, 5)}
    assert (said.hidden, said.hidden_columns, said.filtered) == ({6}, {8}, False)
    assert {row for row, _ in said.struck} == {7}
    assert (said.computed, markup.date1904) == ({(8, 9): "#DIV/0!"}, False)
    assert markup.of("没有这张表") == SheetMarkup()


def test_a_share_in_the_format_of_excel_97_is_a_share() -> None:
    with open_workbook(MARKED) as sheets:
        rows = dict(next(sheets).rows)
    assert [rows[number][11] for number in (2, 3, 4, 5)] == ["100%", "50%", "100%", "100%"]


def test_hidden_columns_of_a_range() -> None:
    book = load_workbook(io.BytesIO(mark_workbook(MARKED, [Problem("户内!A2", "x", "请核对")])))
    sheet = book["户内"]
    for letter in "CDE":
        sheet.column_dimensions[letter].hidden = True
    sheet.column_dimensions.group("C", "E", hidden=True)
    stream = io.BytesIO()
    book.save(stream)
    assert XlsxMarkup(stream.getvalue()).of("户内").hidden_columns >= {2, 3, 4}


@given(at=st.integers(0, len(MARKED) - 1), byte=st.integers(0, 255))
def test_one_damaged_byte_ends_in_markup_or_one_kind_of_error(at: int, byte: int) -> None:
    damaged = MARKED[:at] + bytes([byte]) + MARKED[at + 1 :]
    with contextlib.suppress(ValueError):
        XlsMarkup(damaged).of("户内")


@given(length=st.integers(0, len(MARKED)))
def test_a_file_that_was_cut_off_ends_in_markup_or_one_kind_of_error(length: int) -> None:
    with contextlib.suppress(ValueError):
        XlsMarkup(MARKED[:length]).of("户内")


def test_a_loop_of_sectors_is_refused() -> None:
    (table,) = struct.unpack_from("<I", MARKED, 76)
    (first,) = struct.unpack_from("<I", MARKED, 48)
    at = (table + 1) * 512 + first * 4
    looping = MARKED[:at] + struct.pack("<I", first) + MARKED[at + 4 :]
    with pytest.raises(ValueError, match="chain"):
        XlsMarkup(looping)
    with pytest.raises(Unreadable), open_workbook(looping) as sheets:
        [list(sheet.rows) for sheet in sheets]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("合计", True), ("武寺村小计", True), ("合计：2户3人", True), ("小 计", True), ("总计（12）", True),
        ("合计数不符", False), ("张合", False), ("", False),
    ],
)  # fmt: skip
def test_words_for_sums(shipped: Campaign, text: str, expected: bool) -> None:
    assert TotalWords(shipped.reading).end(text) is expected
