"""Measures of a printed page: how wide columns are, how many lines a text takes, which way the page is turned."""

import math
import unicodedata
from collections.abc import Sequence

_POINTS_PER_CHARACTER = 5.25  # 7 pixels of the default font, at 96 a inch
_PADDING = 3.75  # 5 pixels a column
MARGIN = 0.6
"""Left and right margin, in inches."""
_PORTRAIT_WIDTH = (210 / 25.4 - 2 * MARGIN) * 72
_SMALLEST_SCALE = 0.85


def width_in_points(widths: Sequence[float]) -> float:
    """The width of columns given in characters."""
    return sum(width * _POINTS_PER_CHARACTER + _PADDING for width in widths)


def is_landscape(widths: Sequence[float]) -> bool:
    """Whether columns need A4 turned, since upright they would be shrunk too small to read."""
    return width_in_points(widths) * _SMALLEST_SCALE > _PORTRAIT_WIDTH


def height_of(text: str, size: float, widths: Sequence[float]) -> float:
    """The height, in points, that a text of a font's size takes across columns of these widths."""
    room = width_in_points(widths) - _PADDING
    lines = max(1, math.ceil(_ems(text) * size / room))
    return lines * size * 1.35 + 6


def _ems(text: str) -> float:
    """A text's width in ems: a Chinese character is one, a Latin letter half."""
    return sum(1 if unicodedata.east_asian_width(letter) in "WFA" else 0.5 for letter in text)
