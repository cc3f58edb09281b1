"""CSV: plain for programs, with BOM and formula escaping for Excel and WPS."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

BYTE_ORDER_MARK = "\ufeff"
"""BOM: without it Excel assumes the system's code page."""

_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n")
"""Prefixes that spreadsheet programs may evaluate as a formula; some accept full-width forms."""


class WrongHeader(ValueError):
    """The file's header differs from the expected one."""


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a file for programs: UTF-8 without BOM, raw cells, line feeds."""
    return _written((header, *rows), "\n")


def csv_for_excel(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a file for spreadsheet programs: BOM, CRLF, formula-like text escaped."""
    guarded = ([_guarded(cell) for cell in row] for row in (header, *rows))
    return BYTE_ORDER_MARK + _written(guarded, "\r\n")


def read_lines(path: Path, header: Sequence[str]) -> list[list[str]]:
    """Read the rows of a file that ``csv_of`` wrote, without its header.

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
    """Prefix formula-like text with an apostrophe; numbers stay numbers."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
