"""Streaming writer of record rows to sheet XML: a hundred thousand rows in seconds.

XlsxWriter keeps every cell as an object and looks up its style each time. Here text is inline, so that no row has to be
kept in memory; as with XlsxWriter, no text can be a formula.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO

from xlsxwriter.utility import xl_col_to_name

from build_scripts.workbooks.print_setup import HIGHEST, height_within, one_line, room_of
from build_scripts.workbooks.workbook_values import Body, Value
from checklist.messages import say

_EPOCH = date(1899, 12, 30)
_LONGEST = 32_767
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_LOOKS_HIDDEN = re.compile("_(?=x[0-9a-fA-F]{4}_)")
_UNSAFE = re.compile("[\x00-\x1f&<>\ufffe\uffff]|_x|^\\s|\\s$")
"""Characters that need escaping in XML."""

SMALLER = (9.0, 7.0, 5.0)
"""Fallback sizes, in points, for a text that exceeds the maximum row height."""

_ANY_LENGTH = 2**31
"""Characters on one line of a cell that does not wrap: a text is never too long for it."""

_Cell = Callable[[str, Value], str]


def write_rows(file: IO[str], body: Body, widths: Sequence[float], formats: Sequence[Sequence[int]]) -> int:
    """Write the rows of a body; return their number.

    Args:
        file: receives the XML.
        body: rows and their styles.
        widths: of the columns, in characters.
        formats: for each column the indexes of its format in the workbook, then in ``SMALLER`` sizes.

    Raises:
        ValueError: a text is longer than a cell can hold.
    """
    writers = [[_cell_writer(column, index) for index in indexes] for column, indexes in enumerate(formats)]
    usual = [sizes[0] for sizes in writers]
    measures = [
        (style.size, room_of([width]), one_line(style.size, width) if style.wraps else _ANY_LENGTH)
        for style, width in zip(body.styles, widths, strict=True)
    ]
    count = 0
    for count, values in enumerate(body.rows, 1):
        row = str(body.first_row + count)
        height = body.least_height
        for value, (size, room, short) in zip(values, measures, strict=True):
            if isinstance(value, str) and (len(value) > short or "\n" in value):
                height = max(height, height_within(value, size, room))
        cells = usual
        if height > HIGHEST:
            cells, height = _fitting(values, body, widths, writers)
        written = "".join([write(row, value) for write, value in zip(cells, values, strict=True)])
        file.write(f'<row r="{row}" ht="{min(HIGHEST, height):.16g}">{written}</row>')
    return count


def _fitting(
    values: Sequence[Value], body: Body, widths: Sequence[float], writers: Sequence[Sequence[_Cell]]
) -> tuple[list[_Cell], float]:
    """Choose sizes so that no cell of a row is cut off, if possible; return writers and the row's height."""
    chosen, highest = [], body.least_height
    for value, style, width, sizes in zip(values, body.styles, widths, writers, strict=True):
        heights = [
            height_within(value, size, room_of([width])) if isinstance(value, str) and style.wraps else 0
            for size in (style.size, *SMALLER)
        ]
        fits = next((number for number, height in enumerate(heights) if height <= HIGHEST), len(SMALLER))
        chosen.append(sizes[fits])
        highest = max(highest, heights[fits])
    return chosen, highest


def _cell_writer(column: int, index: int) -> _Cell:
    """Return a writer of a column's cells with a format."""
    letters = xl_col_to_name(column)

    def write(row: str, value: Value) -> str:
        if isinstance(value, str):
            return (
                f'<c r="{letters}{row}" s="{index}" t="inlineStr"><is>{_text(value, letters + row)}</is></c>'
            )
        if value is None:
            return f'<c r="{letters}{row}" s="{index}"/>'
        if isinstance(value, Decimal):
            return f'<c r="{letters}{row}" s="{index}"><v>{value:f}</v></c>'
        number = (value - _EPOCH).days if isinstance(value, date) else value
        return f'<c r="{letters}{row}" s="{index}"><v>{number}</v></c>'

    return write


def _text(text: str, place: str) -> str:
    """Escape text for XML, with Excel's escapes for characters that XML lacks."""
    if len(text) > _LONGEST:
        raise ValueError(say("workbook-too-long", cell=place))
    if not _UNSAFE.search(text):
        return f"<t>{text}</t>"
    spelled = _HIDDEN.sub(lambda found: f"_x{ord(found.group()):04X}_", _LOOKS_HIDDEN.sub("_x005F_", text))
    escaped = spelled.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'<t xml:space="preserve">{escaped}</t>'
