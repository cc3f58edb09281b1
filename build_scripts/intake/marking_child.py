"""Marking of wrong cells in a workbook, in a sandboxed child process.

openpyxl preserves formatting, but trusts its input, so it runs under the limits of the reading process. The input is
a line of JSON with ``[sheet, cell, sentence, whether it is a warning]`` for each mark, then the workbook; the output is
the marked ``.xlsx``. Excel 97 workbooks are converted without formatting.
"""

import io
import json
from collections.abc import Iterator, Mapping
from typing import IO, Any

from build_scripts.sandbox.inside_child import put

AUTHOR = "台账核对"
"""Author of the comments, by which those of an earlier check are removed."""

_PACKED = b"PK"
_ERROR, _WARNING = "FFFFC7CE", "FFFFEB9C"
_LINE = 18
"""Points of a comment's height for each line of about 20 characters."""


def work(source: IO[bytes], limits: Mapping[str, int]) -> None:
    """Hand over the marked copy."""
    marks = json.loads(source.readline())
    put({}, marked(source.read(), marks))


def marked(data: bytes, marks: list[tuple[str, str, str, bool]]) -> bytes:
    """Return the workbook with a filled cell and a comment for each mark; marks of one cell share a comment."""
    book = _opened(data) if data.startswith(_PACKED) else _converted(data)
    for sheet in book.worksheets:
        _take_away_marks(sheet)
    merged = {sheet.title: _owners(sheet) for sheet in book.worksheets}
    for name, address, sentence, warning in marks:
        if name in merged:
            _mark(book[name][merged[name].get(address, address)], sentence, _WARNING if warning else _ERROR)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _opened(data: bytes) -> Any:
    from openpyxl import load_workbook

    return load_workbook(io.BytesIO(data))


def _converted(data: bytes) -> Any:
    """Copy the cells of an Excel 97 workbook."""
    from openpyxl import Workbook
    from python_calamine import load_workbook

    old, book = load_workbook(io.BytesIO(data)), Workbook()
    for sheet in book.worksheets:
        book.remove(sheet)
    for name in old.sheet_names:
        sheet = book.create_sheet(name)
        found = old.get_sheet_by_name(name)
        for number, cells in enumerate(found.to_python(skip_empty_area=False), 1):
            sheet.append([None if cell == "" else cell for cell in cells])
            _keep_texts(sheet[number])
        for (top, left), (bottom, right) in found.merged_cell_ranges or ():
            sheet.merge_cells(None, top + 1, left + 1, bottom + 1, right + 1)
    return book


def _keep_texts(cells: Any) -> None:
    """Keep formula-like text as text, which openpyxl would turn into a formula."""
    for cell in cells:
        if isinstance(cell.value, str):
            cell.data_type = "s"


def _owners(sheet: Any) -> dict[str, str]:
    """Map every cell hidden by a merge to the visible one."""
    owners: dict[str, str] = {}
    for area in sheet.merged_cells.ranges:
        first = area.start_cell.coordinate
        owners |= dict.fromkeys(_cells(area), first)
    return owners


def _cells(area: Any) -> Iterator[str]:
    from openpyxl.utils import get_column_letter

    for row, column in area.cells:
        yield f"{get_column_letter(column)}{row}"


def _take_away_marks(sheet: Any) -> None:
    from openpyxl.styles import PatternFill

    for cells in sheet.iter_rows():
        for cell in cells:
            if cell.comment is not None and cell.comment.author == AUTHOR:
                cell.comment = None
                cell.fill = PatternFill()


def _mark(cell: Any, sentence: str, colour: str) -> None:
    from openpyxl.comments import Comment
    from openpyxl.styles import PatternFill

    said = f"{cell.comment.text}\n" if cell.comment is not None and cell.comment.author == AUTHOR else ""
    cell.comment = Comment(
        said + sentence, AUTHOR, width=320, height=_LINE * (2 + len(said + sentence) // 20)
    )
    if not said or colour == _ERROR:
        cell.fill = PatternFill("solid", start_color=colour)
