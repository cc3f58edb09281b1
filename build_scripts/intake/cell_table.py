"""A workbook as a layout-free table: its sheets, with the rows that hold anything and where cells were merged."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import NamedTuple

Cell = str | float
"""Text; a number only where it has decimals, so that 8.3 is not taken for what somebody typed."""

Row = tuple[int, Sequence[Cell]]
"""A row's number, from 1, and its cells from column A; cells at the end may be missing."""


class Range(NamedTuple):
    """A merged range; rows and columns count from 0, and the last ones belong to it."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True)
class CellSheet:
    """One sheet. Its rows may come from a stream, and then can be gone through only once."""

    name: str
    rows: Iterable[Row]
    merged: Sequence[Range] = ()
    hidden: bool = False


def beginning(sheet: CellSheet, count: int) -> tuple[list[Row], Iterator[Row]]:
    """The first rows, in which a header is looked for, and then all rows, these among them."""
    rows = iter(sheet.rows)
    first = list(islice(rows, count))
    return first, chain(first, rows)


def column_letters(column: int) -> str:
    """The letters of a column that counts from 0: A, Z, AA."""
    letters = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def place_of(sheet: str, row: int, column: int) -> str:
    """Where a cell stands, as ``sheet!cell``; the row counts from 1, the column from 0."""
    return f"{sheet}!{column_letters(column)}{row}"
