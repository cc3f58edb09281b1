"""Reading of one workbook in a sandboxed child process.

A workbook of 2 KB can make the library allocate hundreds of gigabytes, and that abort cannot be caught. The table is
streamed in frames: for each sheet one that describes it, then blocks of rows (``row_blocks``).
"""

import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from build_scripts.intake.row_blocks import packed
from build_scripts.intake.sheet_markup import SheetMarkup
from build_scripts.intake.xls_markup import XlsMarkup
from build_scripts.intake.xlsx_markup import XlsxMarkup
from build_scripts.sandbox.inside_child import ChildRefusal, put
from checklist.reading.computed_cells import COMPUTED

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

_BATCH = 2_000
"""Rows a block."""

_LONG = 1e15
"""A spreadsheet keeps no more digits of a number."""


def work(source: IO[bytes], limits: Mapping[str, int]) -> None:
    """Hand over the table.

    Raises:
        ChildRefusal: with a message code.
    """
    from python_calamine import CalamineError, PasswordError, load_workbook

    try:
        data = source.read()
        markup = XlsxMarkup(data) if data.startswith(b"PK") else XlsMarkup(data)
        _read(load_workbook(io.BytesIO(data)), markup, limits)
    except PasswordError:
        raise ChildRefusal("upload-encrypted") from None
    except (CalamineError, OSError, ValueError, zipfile.BadZipFile):
        raise ChildRefusal("upload-broken") from None


def _read(workbook: "CalamineWorkbook", markup: XlsxMarkup | XlsMarkup, limits: Mapping[str, int]) -> None:
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    left = limits["rows"]
    sheets = workbook.sheets_metadata
    if len(sheets) > limits["sheets"]:
        raise ChildRefusal("upload-too-many-sheets")
    # Hidden sheets first: they hold the metadata of the others.
    for about in sorted(sheets, key=lambda about: not about.name.startswith("_")):
        if about.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(about.name)
        if sheet.width > limits["columns"]:
            raise ChildRefusal("upload-too-many-columns")
        merged = [
            [top, left, bottom, right] for (top, left), (bottom, right) in sheet.merged_cell_ranges or ()
        ]
        said = markup.of(about.name)
        put(
            {
                "sheet": about.name,
                "hidden": about.visible != SheetVisibleEnum.Visible,
                "merged": merged,
                "hidden_rows": sorted(said.hidden),
                "hidden_columns": sorted(said.hidden_columns),
                "filtered": said.filtered,
                "struck": sorted(Counter(row for row, _ in said.struck).items()),
                "date1904": markup.date1904,
            }
        )
        for batch in _batches(sheet, said):
            left -= len(batch)
            if left < 0:
                raise ChildRefusal("upload-too-many-rows")
            put({}, packed(batch).encode())


def _batches(sheet: "CalamineSheet", said: SheetMarkup) -> Iterator[list[tuple[int, list[Any]]]]:
    """Yield the non-empty rows, with their numbers from 1 and their cells from column A."""
    marked = _by_row(said)
    # The library's rows begin with the sheet's first one, their cells with the first non-empty column.
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    batch: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = margin + [cell.strip() if cell.__class__ is str else _text(cell) for cell in cells]
        if number in marked:
            _mark(texts, marked[number], said, number)
        if any(texts):
            batch.append((number, texts))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _by_row(said: SheetMarkup) -> dict[int, list[int]]:
    """Return the columns of the cells that the markup changes, by row."""
    found: dict[int, list[int]] = {}
    for row, column in sorted({*said.percent, *said.computed}):
        found.setdefault(row, []).append(column)
    return found


def _mark(texts: list[Any], columns: list[int], said: SheetMarkup, number: int) -> None:
    """Put per cent, and formulas without a result, into a row."""
    for column in columns:
        if column >= len(texts):
            texts += [""] * (column + 1 - len(texts))
        place = (number, column)
        if place in said.computed:
            texts[column] = COMPUTED + said.computed[place]
        elif place in said.percent:
            texts[column] = _share(texts[column])


def _share(cell: Any) -> Any:
    try:
        return f"{float(cell) * 100:.15g}%"
    except ValueError:
        return cell


def _text(cell: Any) -> str | float:
    """Convert a cell to text; those stay numbers that may have lost digits: 8.3 for 8.30, and very long ones."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _LONG else cell
    return str(cell)
