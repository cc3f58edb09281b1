"""Workbooks from small readable tables, and what was made of them as readable lines.

A sheet is a table of lines; cells are separated by ``|``. ``^`` merges a cell with the one above, ``<`` with the one to
the left. ``=44798`` is a number, ``=2022-08-25`` a date, anything else text. A line that begins with ``~`` is a hidden
row.
"""

import io
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import xlsxwriter

from build_scripts.intake.cell_table import CellSheet, Range
from build_scripts.intake.ledger_book import LedgerBook
from build_scripts.intake.ledger_entry import LedgerEntry
from checklist.model import Campaign
from checklist.values.judge import display

Grid = list[list[str]]


def workbook(sheets: Mapping[str, str], hidden: tuple[str, ...] = ()) -> bytes:
    """The bytes of an .xlsx with these sheets."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(stream, {"in_memory": True, "strings_to_formulas": False})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    shown = next(name for name in sheets if name not in hidden)
    for name, table in sheets.items():
        sheet = book.add_worksheet(name)
        grid, spans = _parse(table)
        for (row, column), (bottom, right) in spans.items():
            value = _typed(grid[row][column])
            if (row, column) != (bottom, right):
                sheet.merge_range(row, column, bottom, right, "")
            if isinstance(value, date):
                sheet.write_datetime(row, column, value, day)
            elif value != "":
                sheet.write(row, column, value)
        for row, line in enumerate(_lines(table)):
            if line.startswith("~"):
                sheet.set_row(row, options={"hidden": True})
        if name in hidden:
            sheet.hide()
        if name == shown:
            sheet.activate()
    book.close()
    return stream.getvalue()


def sheet(table: str, name: str = "户内", hidden: bool = False) -> CellSheet:
    """The same without a workbook: what the reading process would give."""
    grid, spans = _parse(table)
    merged = [Range(*first, *last) for first, last in spans.items() if first != last]
    rows = [(number, [_cell(text) for text in cells]) for number, cells in enumerate(grid, 1)]
    return CellSheet(name, [row for row in rows if any(row[1])], merged, hidden)


def described(book: LedgerBook, campaign: Campaign) -> list[str]:
    """A line for each record: where it begins, its values in words, and its state."""
    return [_described(entry, campaign) for entry in book.entries]


def complaints(book: LedgerBook) -> list[str]:
    """A line for each problem: where, which, and a question mark where it is only a warning.

    Columns that are not read, since nobody said otherwise, are no complaint.
    """
    told = [each for each in book.problems if not (each.question and each.question.origin == "default")]
    return [f"{problem.place} {problem.code}{'?' * problem.warning}" for problem in told]


def _described(entry: LedgerEntry, campaign: Campaign) -> str:
    values = [display(field, entry.values.get(field.id), campaign) for field in entry.form.fields]
    state = "已整改" if entry.rectified else "正在整改"
    return " ".join([entry.place(), *filter(None, values), f"[{state}]"])


def _lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip("\n").splitlines()]


def _parse(table: str) -> tuple[Grid, dict[tuple[int, int], tuple[int, int]]]:
    """The cells, those merged away empty; for each cell that is none of these the last one of its range."""
    grid = [[cell.strip() for cell in line.lstrip("~").split("|")] for line in _lines(table)]
    owners: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for row, cells in enumerate(grid):
        for column, text in enumerate(cells):
            before = {"^": (row - 1, column), "<": (row, column - 1)}.get(text)
            owner = owners[before] if before else (row, column)
            owners[row, column] = owner
            spans[owner] = max(spans.get(owner, owner), (row, column))
    return [["" if text in {"^", "<"} else text for text in cells] for cells in grid], spans


def _typed(text: str) -> Any:
    if not re.fullmatch(r"=[\d.-]+", text):
        return text
    return date.fromisoformat(text[1:]) if text.count("-") == 2 else float(text[1:])


def _cell(text: str) -> str | float:
    value = _typed(text)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and value < 1e15 else value
    return str(value)


HOUSEHOLD = """
    序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效
    1|东河镇|上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|东河镇|2022.8.25|
    2|东河镇|柳林村|王某|一般农户|饮水安全|停水|查管|赵某|县水利局|8月底|已整改，通水
    3|东河镇|柳林村|赵某某|脱贫户|收入|=SUM(A1)|务工|钱某|东河镇|长期坚持|正在整改
"""
GENERAL = """
    序号|面上问题层级|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效
    1|镇级层面（东河镇）|收入|未建台账|补建|李某|东河镇|立行立改|
    2|村级层面（东河镇上坝村）|饮水|缺水|打井|李某|县水利局|8月25日前|
    3|县级层面（xx单位）|饮水|规划未批|报批|李某|县水利局|2022.9.10|
"""
