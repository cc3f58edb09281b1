"""Reading of one workbook in a sandboxed child process.

A workbook of 2 KB can make the library allocate hundreds of gigabytes, and that abort cannot be caught. The table is
streamed in frames: for each sheet one that describes it, then blocks of rows (``row_blocks``).
"""

import io
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

from build_scripts.intake.row_blocks import packed
from build_scripts.sandbox.inside_child import ChildRefusal, put

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
        _read(load_workbook(io.BytesIO(source.read())), limits)
    except PasswordError:
        raise ChildRefusal("upload-encrypted") from None
    except (CalamineError, OSError, ValueError):
        raise ChildRefusal("upload-broken") from None


def _read(workbook: "CalamineWorkbook", limits: Mapping[str, int]) -> None:
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
        put({"sheet": about.name, "hidden": about.visible != SheetVisibleEnum.Visible, "merged": merged})
        for batch in _batches(sheet):
            left -= len(batch)
            if left < 0:
                raise ChildRefusal("upload-too-many-rows")
            put({}, packed(batch).encode())


def _batches(sheet: "CalamineSheet") -> Iterator[list[tuple[int, list[Any]]]]:
    """Yield the non-empty rows, with their numbers from 1 and their cells from column A."""
    # The library's rows begin with the sheet's first one, their cells with the first non-empty column.
    margin = [""] * (sheet.start[1] if sheet.start else 0)
    batch: list[tuple[int, list[Any]]] = []
    for number, cells in enumerate(sheet.iter_rows(), 1):
        texts = margin + [cell.strip() if cell.__class__ is str else _text(cell) for cell in cells]
        if any(texts):
            batch.append((number, texts))
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _text(cell: Any) -> str | float:
    """Convert a cell to text; those stay numbers that may have lost digits: 8.3 for 8.30, and very long ones."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < _LONG else cell
    return str(cell)
