"""The farthest cell of an oversized workbook: a stray character far from the table."""

import io
import re
import zipfile

from build_scripts.intake.cell_table import column_letters

_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})([0-9]{1,7})"')
_FAR = 2_000_000
"""Maximum cells that a table may span from A1; a county's largest ledger spans fewer."""


def farthest_cell(packed: bytes) -> str:
    """Return the address at which the widest part of the workbook ends; empty if none ends far out.

    Only for a workbook whose parts were counted (``check_archive``) and that could not be read.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        ends = [_end_of(archive.read(part)) for part in archive.infolist() if "worksheets/" in part.filename]
    row, column = max(ends, key=lambda end: end[0] * end[1], default=(0, 0))
    return f"{column_letters(column - 1)}{row}" if row * column > _FAR else ""


def _end_of(part: bytes) -> tuple[int, int]:
    """Return the last row and column, from 1, of the cells of a sheet."""
    row = column = 0
    for letters, number in _CELL.findall(part):
        row = max(row, int(number))
        column = max(column, _number(letters))
    return row, column


def _number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
