"""Workbooks read back with openpyxl, as plain tables that a test can write down."""

from io import BytesIO

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from build_scripts.workbooks.workbook_values import Book
from build_scripts.workbooks.xlsx_writer import to_xlsx


def read(book: Book) -> Workbook:
    return load_workbook(BytesIO(to_xlsx(book)))


def texts(sheet: Worksheet) -> list[list[object]]:
    """Every row's values up to its last one."""
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    return [
        row[: max((number for number, value in enumerate(row, 1) if value is not None), default=0)]
        for row in rows
    ]


def merges(sheet: Worksheet) -> set[str]:
    return {str(area) for area in sheet.merged_cells.ranges}
