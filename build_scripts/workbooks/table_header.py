"""Table headers, of one row, or of two if some columns are grouped (整改责任)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from build_scripts.workbooks.workbook_values import Cell, CellStyle

HEADER = CellStyle(font="宋体", size=11, bold=True, border=True)


@dataclass(frozen=True)
class ColumnHead:
    """The header of one column."""

    label: str
    group: str = ""
    style: CellStyle = HEADER


def depth(heads: Sequence[ColumnHead]) -> int:
    """Return the header's number of rows."""
    return 2 if any(head.group for head in heads) else 1


def header(heads: Sequence[ColumnHead], row: int, first_column: int = 0) -> Iterator[Cell]:
    """Lay out the header: neighbours of one group share its cell, other labels span all rows."""
    column = first_column
    for group, members in groupby(heads, key=lambda head: head.group):
        together = list(members)
        if group:
            yield Cell(row, column, group, together[0].style, columns=len(together))
        for head in together:
            down = (row + 1, 1) if group else (row, depth(heads))
            yield Cell(down[0], column, head.label, head.style, rows=down[1])
            column += 1
