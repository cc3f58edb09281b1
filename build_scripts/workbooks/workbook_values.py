"""A workbook as plain values: cells with place, span and style, and print settings."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Literal


@dataclass(frozen=True)
class ColumnSum:
    """A formula: the sum of the cells of its column from one row to another; nothing until one is filled in."""

    first_row: int
    last_row: int


Value = str | int | Decimal | date | ColumnSum | None
"""Cell content: text is never a formula (`xlsx_writer` and `row_xml` see to it), None is an empty cell."""

TEXT = "@"
"""The number format that keeps typed input as text."""


@dataclass(frozen=True)
class CellStyle:
    """The style of a cell. Sizes are points."""

    font: str = "宋体"
    size: float = 11
    bold: bool = False
    align: Literal["left", "center", "right"] = "center"
    border: bool = False
    shaded: bool = False
    number_format: str = "General"
    wraps: bool = True
    """Whether a long text makes its row higher; otherwise it is cut off, as what only machines read."""


@dataclass(frozen=True)
class Cell:
    """A cell, or a merged range by its upper left one. Zero-based."""

    row: int
    column: int
    value: Value
    style: CellStyle
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Check:
    """Data validation of a column. Empty cells always pass."""

    hint: str = ""
    """The input message, shown when the cell is selected."""
    choices: tuple[str, ...] = ()
    others: bool = False
    """Whether other values than the choices may be typed."""
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    decimals: bool = False
    """Whether a number between these may have decimals."""
    refusal: str = ""
    """The error message."""


@dataclass(frozen=True)
class Body:
    """The rows of records below a table's header."""

    first_row: int
    styles: Sequence[CellStyle]
    """One for each column."""
    checks: Sequence[Check]
    """One for each column."""
    rows: Iterable[Sequence[Value]] = ()
    """The records, each with a value for each column."""
    least_height: float = 15
    """Minimum row height in points; rows grow with their content."""
    room: int = 0
    """Number of rows to fill in, with validation, and a border once they hold anything."""


Span = tuple[int, int, int]
"""First and last row, and column, of cells below each other."""


@dataclass(frozen=True)
class Series:
    """One line, or one part of the bars, of a chart."""

    name: str
    values: Span


@dataclass(frozen=True)
class Chart:
    """A chart that the spreadsheet program draws below its sheet's first row, from cells of any sheet."""

    kind: Literal["bar", "line"]
    """Stacked bars, one below the other; or lines."""
    title: str
    categories: Span
    series: tuple[Series, ...]
    height: int = 320
    """In pixels; it is as wide as the sheet's columns."""
    source: str = ""
    """Name of the sheet with the cells."""

    def moved(self, down: int, source: str) -> "Chart":
        """Return the chart of cells that lie further down, on a sheet."""

        def moved(span: Span) -> Span:
            return span[0] + down, span[1] + down, span[2]

        series = tuple(replace(each, values=moved(each.values)) for each in self.series)
        return replace(self, categories=moved(self.categories), series=series, source=source)


@dataclass(frozen=True)
class Sheet:
    """One sheet, with its page setup for A4."""

    name: str
    cells: Sequence[Cell]
    widths: Sequence[float] = ()
    """Of each column, in characters of the default font."""
    heights: Mapping[int, float] = field(default_factory=dict)
    """Fixed row heights, in points."""
    body: Body | None = None
    landscape: bool = False
    repeated_rows: tuple[int, int] | None = None
    """First and last row of the header, repeated on every page."""
    printed_columns: int = 0
    """Number of printed columns; 0 for all."""
    for_machines: frozenset[int] = frozenset()
    """The columns that nobody reads: ids and versions of records."""
    folds: bool = False
    """Whether those are folded away behind a “+” above the columns."""
    hidden: bool = False
    frozen: tuple[int, int] = (0, 0)
    """Rows and columns that stay while others are scrolled; of a sheet with a body its header does."""
    filtered: tuple[int, int, int] | None = None
    """The header's row, the last row and the last column of what can be filtered."""
    charts: tuple[Chart, ...] = ()
    lists: str = "_lists"
    """Name of the sheet whose column N lists the choices of this sheet's column N."""


@dataclass(frozen=True)
class Book:
    """A workbook. ``created`` replaces the current time in the file, for reproducible output."""

    title: str
    created: date
    sheets: tuple[Sheet, ...]
    as_of: str = ""
    """The moment of its data in words, in the footers and in the file's properties; not in the annex's cells."""
