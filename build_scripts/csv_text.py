"""CSV, written and read in one place: plain for programs, and for people who open it in Excel or WPS."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

BYTE_ORDER_MARK = "\ufeff"
"""Without it Excel takes UTF-8 for the encoding of its machine."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""How a cell begins that a spreadsheet program may run as a formula; some take full-width signs for the others."""


class WrongHeader(ValueError):
    """The file's first line is another one than ours."""


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A file for programs: plain UTF-8 without a mark, cells as they are, lines ending in a line feed."""
    return _written((header, *rows), "\n")


def csv_for_excel(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A file for spreadsheet programs: with a mark, lines ending as on Windows, and no text that runs as a formula."""
    guarded = ([_guarded(cell) for cell in row] for row in (header, *rows))
    return BYTE_ORDER_MARK + _written(guarded, "\r\n")


def read_lines(path: Path, header: Sequence[str]) -> list[list[str]]:
    """The lines of a file that ``csv_of`` wrote, without its header.

    Raises:
        WrongHeader: it has another header.
        ValueError: it is no CSV, or not in UTF-8.
        OSError: it can't be read.
    """
    try:
        lines = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
    except csv.Error as error:
        raise ValueError(str(error)) from error
    if not lines:
        raise ValueError("no header")
    if lines[0] != list(header):
        raise WrongHeader(lines[0])
    return lines[1:]


def _written(rows: Iterable[Sequence[object]], line_end: str) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator=line_end).writerows(rows)
    return text.getvalue()


def _guarded(cell: object) -> object:
    """A text that begins like a formula, behind an apostrophe; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
