"""A list of records as its reader chose it: for reading and printing, not to be imported again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from build_scripts.workbooks.column_validation import CELL, NUMBER, WORDS
from build_scripts.workbooks.print_setup import ems_of, height_of, is_landscape
from build_scripts.workbooks.sheet_heading import FILING, TITLE
from build_scripts.workbooks.table_header import ColumnHead, header
from build_scripts.workbooks.workbook_values import Body, Book, Cell, Check, Sheet, Value
from checklist.date_formats import full_day

_TITLE_ROW, _ABOUT_ROW, _HEAD_ROW, _FIRST_ROW = range(4)
_HEAD_HEIGHT = 27.0
_WIDEST_DAY = full_day(date(2022, 12, 31))
"""What is no longer than this stands on one line: days and short words."""


@dataclass(frozen=True)
class ListColumn:
    """A column: its label, its width in characters, whether it holds long texts."""

    label: str
    width: float
    long: bool = False


def _least_width(number: int, rows: Sequence[Sequence[Value]]) -> float:
    """Return the width, in characters, at which a column breaks no day and no shorter text."""
    ems = [ems_of(str(row[number])) for row in rows]
    return 2 * max([each for each in ems if each <= ems_of(_WIDEST_DAY)], default=0) + 1


def list_book(
    title: str, about: str, created: date, columns: Sequence[ListColumn], rows: Sequence[Sequence[Value]]
) -> Book:
    """Lay out a list on one sheet that can be filtered, one page wide, with its header on every page.

    Args:
        title: of the sheet.
        about: what was asked for, and of what moment it is.
        created: see ``Book``.
        columns: the first holds numbers.
        rows: a value for each column.
    """
    widths = [max(column.width, _least_width(number, rows)) for number, column in enumerate(columns)]
    styles = [NUMBER, *(replace(WORDS if each.long else CELL) for each in columns[1:])]
    heads = [ColumnHead(column.label) for column in columns]
    sheet = Sheet(
        name=title,
        cells=(
            Cell(_TITLE_ROW, 0, title, TITLE, columns=len(widths)),
            Cell(_ABOUT_ROW, 0, about, FILING, columns=len(widths)),
            *header(heads, _HEAD_ROW),
        ),
        widths=widths,
        heights={
            _TITLE_ROW: height_of(title, TITLE.size, widths),
            _ABOUT_ROW: height_of(about, FILING.size, widths),
            _HEAD_ROW: _HEAD_HEIGHT,
        },
        body=Body(_FIRST_ROW, styles=styles, checks=[Check()] * len(styles), rows=rows, least_height=20),
        filtered=(_HEAD_ROW, _HEAD_ROW + len(rows), len(widths) - 1),
        landscape=is_landscape(widths),
        repeated_rows=(_HEAD_ROW, _HEAD_ROW),
    )
    return Book(title, created, (sheet,), as_of=about)
