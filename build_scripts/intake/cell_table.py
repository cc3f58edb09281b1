"""A workbook as a layout-free table: sheets with their non-empty rows and merged ranges."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import NamedTuple

Cell = str | float
"""Text; numbers that may have lost digits stay numbers: 8.3 for 8.30, and those of 16 digits or more."""

Row = tuple[int, Sequence[Cell]]
"""A row's number, from 1, and its cells from column A; cells at the end may be missing."""


class Range(NamedTuple):
    """A merged range; zero-based, inclusive."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class CellSheet:
    """One sheet. Its rows may be a stream that can be iterated only once."""

    name: str
    rows: Iterable[Row]
    merged: Sequence[Range] = ()
    hidden: bool = False
    hidden_rows: frozenset[int] = frozenset()
    filtered: bool = False
    """Whether a filter is set, which may be why rows are hidden."""
    struck: Mapping[int, int] = field(default_factory=dict)
    """How many cells of a row are struck through."""
    date1904: bool = False
    """Whether numbers that are days are counted from 1904."""
    hidden_columns: frozenset[int] = frozenset()
    """Hidden columns, from 0."""


def beginning(sheet: CellSheet, count: int) -> tuple[list[Row], Iterator[Row]]:
    """Return the first rows, to search for a header, and an iterator over all rows, these included."""
    rows = iter(sheet.rows)
    first = list(islice(rows, count))
    return first, chain(first, rows)


def column_letters(column: int) -> str:
    """Return the letters of a zero-based column: A, Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_of(sheet: str, row: int, column: int) -> str:
    """Return a cell's place as ``sheet!cell``; rows count from 1, columns from 0."""
    return f"{sheet}!{column_letters(column)}{row}"
