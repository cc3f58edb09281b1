"""Household numbers as workbooks hold them: text, or a number that may have lost its last digits."""

import re

from build_scripts.intake.cell_judges import text_of
from build_scripts.intake.cell_table import Cell
from checklist.text_normalisation import compact

_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d+", re.ASCII)
_DECIMAL = re.compile(r"\d+\.\d+", re.ASCII)
_KEPT = 15
"""Significant digits that a spreadsheet keeps of a number; it writes zeros for all further ones."""
_LONG, _FEW = 10, 5
"""Digits of a number that lost precision (3.41E+12): few significant ones, then zeros."""
_EXACT = 2**53
"""Integers up to here are exact in a cell of a workbook."""


def number_fault(cell: Cell) -> str:
    """Return the message code for a household's number that cannot be one; empty if it can.

    Args:
        cell: of the column of numbers; not empty.
    """
    text = compact(text_of(cell)).upper()
    if not text.strip("0"):
        return "roster-number-zero"
    if _SCIENTIFIC.fullmatch(text) or (isinstance(cell, float) and _is_cut(text)) or _is_rounded(text):
        return "roster-number-cut"
    return ""


def _is_cut(text: str) -> bool:
    """Return whether a number that the workbook held as a number may have lost digits."""
    if _DECIMAL.fullmatch(text) or not text.isdigit() or int(text) > _EXACT:
        return True
    return len(text) > _KEPT and not text[_KEPT:].strip("0")


def _is_rounded(text: str) -> bool:
    return text.isdigit() and len(text) >= _LONG and len(text.rstrip("0")) <= _FEW
