"""Rows written straight as XML hold what was given, whatever it looks like."""

import io
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from build_scripts.workbooks.print_setup import height_of
from build_scripts.workbooks.row_xml import write_rows
from build_scripts.workbooks.workbook_values import Body, Book, CellStyle, Check, Sheet, Value
from build_scripts.workbooks.xlsx_writer import to_xlsx

PLAIN, DAY = CellStyle(), CellStyle(number_format="yyyy-mm-dd")
CREATED = date(2022, 8, 9)


def read_back(*values: Value) -> list[object]:
    styles = [DAY if isinstance(value, date) else PLAIN for value in values]
    body = Body(0, styles, [Check()] * len(values), rows=[values])
    book = Book("表", CREATED, (Sheet("表", (), widths=[10.0] * len(values), body=body),))
    sheet = load_workbook(io.BytesIO(to_xlsx(book)))["表"]
    return [cell.value for cell in sheet[1]]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@a",
        "\t=1",
        "＝1",
        "<b>&amp;",
        " 前后 ",
        "一\n二",
        "x_x",
        '"',
        "]]>",
        "\u2028",
    ],
)
def test_any_text_comes_back_as_the_text_it_is(text: str) -> None:
    assert read_back(text, "后") == [text, "后"]


def test_a_text_that_spells_a_letter_as_excel_does_is_no_such_letter() -> None:
    file = io.StringIO()
    write_rows(file, Body(0, [PLAIN], [Check()], rows=[["_x0041_"]]), [10.0], [range(4)])
    assert "_x005F_x0041_" in file.getvalue()


@given(
    st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60).filter(
        lambda text: "_x" not in text
    )
)
def test_all_texts_come_back(text: str) -> None:
    assert read_back("前", text)[1] == text


def test_numbers_days_and_nothing() -> None:
    assert read_back(12, CREATED, None) == [12, datetime(2022, 8, 9), None]


def test_a_text_that_no_cell_can_hold_is_refused() -> None:
    body = Body(0, [PLAIN], [Check()], rows=[["长" * 32_768]])
    with pytest.raises(ValueError, match="A1"):
        write_rows(io.StringIO(), body, [10.0], [range(4)])


def test_a_text_that_no_row_is_high_enough_for_is_smaller_and_whole() -> None:
    styles = [CellStyle(size=11), CellStyle(size=11)]
    for length, size in ((100, 11), (300, 9), (1000, 5)):
        body = Body(0, styles, [Check(), Check()], rows=[["短", "长" * length]])
        book = Book("表", CREATED, (Sheet("表", (), widths=[19.0, 19.0], body=body),))
        sheet = load_workbook(io.BytesIO(to_xlsx(book)))["表"]
        assert (sheet["A1"].font.sz, sheet["B1"].font.sz) == (11, size)
        assert sheet.row_dimensions[1].height == pytest.approx(height_of("长" * length, size, [19.0]))
        assert sheet.row_dimensions[1].height < 409


def test_what_only_machines_read_makes_no_row_higher() -> None:
    """The checksum of each field, in a narrow column, would make every exported row as high as a page."""
    heights = []
    for style in (CellStyle(wraps=False), PLAIN):
        file = io.StringIO()
        write_rows(file, Body(0, [style], [Check()], rows=[["a1b2c3" * 20]]), [6.0], [range(4)])
        heights.append(float(file.getvalue().partition('ht="')[2].partition('"')[0]))
    assert heights[0] == Body(0, [PLAIN], [Check()]).least_height
    assert heights[1] > 200
