"""A plain copy of a workbook's cells, without anything else that may stand in one: formats, notes, pictures, names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING

from checklist.reading.computed_cells import COMPUTED

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_CREATED = datetime.combine(date(2000, 1, 1), time())
"""In place of the time, so that the same table gives the same file."""
_LONGEST_NAME = 31

Merged = tuple[int, int, int, int]
"""Top, left, bottom, right; zero-based, inclusive."""


@dataclass(frozen=True)
class PlainSheet:
    """A sheet to copy; rows are numbered from 1, columns from 0."""

    name: str
    rows: Iterable[tuple[int, Sequence[str | float]]]
    merged: Sequence[Merged]
    hidden: bool
    hidden_rows: frozenset[int]
    hidden_columns: frozenset[int]
    filtered: bool
    struck: Mapping[int, int]
    """How many cells of a row are struck through."""


def plain_copy(sheets: Iterable[PlainSheet], *, date1904: bool) -> bytes:
    """Return the sheets as an ``.xlsx`` file, byte-identical for the same cells."""
    # Lazy import: most workers never need XlsxWriter.
    import xlsxwriter

    buffer = BytesIO()
    options = {"constant_memory": True, "date_1904": date1904}
    with xlsxwriter.Workbook(buffer, options) as workbook:
        workbook.set_properties({"created": _CREATED})
        struck = workbook.add_format({"font_strikeout": True})
        visible = None
        for sheet in sheets:
            copy = workbook.add_worksheet(sheet.name[:_LONGEST_NAME])
            for column in sheet.hidden_columns:
                copy.set_column(column, column, None, None, {"hidden": True})
            if sheet.hidden:
                copy.hide()
            elif visible is None:
                visible = copy
                copy.activate()
                copy.set_first_sheet()
            last = _write_rows(copy, sheet, struck)
            # Written as such: merging by the library would write the cells anew.
            copy.merge = [list(area) for area in sheet.merged]
            if sheet.filtered:
                copy.autofilter(0, 0, *last)
    return buffer.getvalue()


def _write_rows(copy: "Worksheet", sheet: PlainSheet, struck: object) -> tuple[int, int]:
    """Write the cells; return the last row and column."""
    last = 0, 0
    for number, cells in sheet.rows:
        if number in sheet.hidden_rows:
            copy.set_row(number - 1, None, None, {"hidden": True})
        lined = sheet.struck.get(number, 0)
        for column, cell in enumerate(cells):
            if cell == "":
                continue
            style = struck if lined > 0 else None
            lined -= 1
            if cell == COMPUTED:  # a formula without a result: it stays one
                copy.write_formula(number - 1, column, "=NA()", style, "")
            elif isinstance(cell, str):
                copy.write_string(number - 1, column, cell, style)
            else:
                copy.write_number(number - 1, column, cell, style)
        last = number - 1, max(last[1], len(cells) - 1)
    return last
