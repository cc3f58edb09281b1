"""A table's header, of one row or of two where some columns stand together under a group's name (整改责任)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from build_scripts.workbooks.book_values import Cell, CellStyle

HEADER = CellStyle(font="宋体", size=11, bold=True, border=True)


@dataclass(frozen=True)
class ColumnHead:
    """What stands above one column."""

    label: str
    group: str = ""
    style: CellStyle = HEADER


def depth(heads: Sequence[ColumnHead]) -> int:
    """How many rows the header takes."""
    return 2 if any(head.group for head in heads) else 1


def header(heads: Sequence[ColumnHead], row: int, first_column: int = 0) -> Iterator[Cell]:
    """The header's cells: neighbours of one group share its name, other labels run down all rows."""
    column = first_column
    for group, members in groupby(heads, key=lambda head: head.group):
        together = list(members)
        if group:
            yield Cell(row, column, group, together[0].style, columns=len(together))
        for head in together:
            down = (row + 1, 1) if group else (row, depth(heads))
            yield Cell(down[0], column, head.label, head.style, rows=down[1])
            column += 1
