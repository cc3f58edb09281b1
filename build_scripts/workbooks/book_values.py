"""A workbook as plain values: cells with their place, spans and styles, and how the sheet is printed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Value = str | int | date | None
"""What a cell holds: text stays text whatever it begins with, and None is an empty cell."""

TEXT = "@"
"""The number format under which what a person types stays text, too."""


@dataclass(frozen=True)
class CellStyle:
    """How a cell looks. Sizes are points."""

    font: str = "宋体"
    size: float = 11
    bold: bool = False
    align: Literal["left", "center"] = "center"
    border: bool = False
    shaded: bool = False
    number_format: str = "General"


@dataclass(frozen=True)
class Cell:
    """A cell, or a merged range of which it is the upper left one. Rows and columns count from zero."""

    row: int
    column: int
    value: Value
    style: CellStyle
    rows: int = 1
    columns: int = 1


@dataclass(frozen=True)
class Check:
    """What a column takes, shown and enforced by the spreadsheet program. Empty cells always pass."""

    hint: str = ""
    """What to write; it appears when the cell is chosen."""
    choices: tuple[str, ...] = ()
    others: bool = False
    """Whether something else than the choices may be typed, too."""
    minimum: int | None = None
    maximum: int | None = None
    refusal: str = ""
    """What the program says where something else was typed."""


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
    """Of a row, in points; it grows with what is in it."""
    room: int = 0
    """How many rows, from the first, can be filled in: they have the checks, and a border once they hold anything."""


@dataclass(frozen=True)
class Sheet:
    """One sheet, with its set-up for printing on A4."""

    name: str
    cells: Sequence[Cell]
    widths: Sequence[float] = ()
    """Of each column, in characters of the default font."""
    heights: Mapping[int, float] = field(default_factory=dict)
    """Of rows that don't follow their content, in points."""
    body: Body | None = None
    landscape: bool = False
    repeated_rows: tuple[int, int] | None = None
    """First and last row of the header, repeated on every page."""
    printed_columns: int = 0
    """How many columns are printed; 0 for all."""
    hidden: bool = False
    lists: str = "_lists"
    """Name of the sheet whose column N lists what this sheet's column N takes."""


@dataclass(frozen=True)
class Book:
    """A workbook. ``created`` is written into it instead of the clock's time, so that two runs give the same bytes."""

    title: str
    created: date
    sheets: tuple[Sheet, ...]
