"""Measures of a printed page: how wide columns are, how many lines a text takes, which way the page is turned."""

import math
from collections.abc import Sequence

_POINTS_PER_CHARACTER = 5.25  # 7 pixels of the default font, at 96 a inch
_PADDING = 3.75  # 5 pixels a column
MARGIN = 0.6
"""Left and right margin, in inches."""
MARGIN_ABOVE = 0.7
"""Top and bottom margin, in inches."""
_SHORT_SIDE, _LONG_SIDE = (millimetres / 25.4 * 72 for millimetres in (210, 297))
_PORTRAIT_WIDTH = _SHORT_SIDE - 2 * MARGIN * 72
_SMALLEST_SCALE = 0.85
_LINE = 1.35  # of the font's size
_ABOVE_AND_BELOW = 6
_ROUNDED = 9  # 24 rows, each by half a pixel
HIGHEST = 409.0
"""No row can be higher."""


def width_in_points(widths: Sequence[float]) -> float:
    """The width of columns given in characters."""
    return sum(width * _POINTS_PER_CHARACTER + _PADDING for width in widths)


def is_landscape(widths: Sequence[float]) -> bool:
    """Whether columns need A4 turned, since upright they would be shrunk too small to read."""
    return width_in_points(widths) * _SMALLEST_SCALE > _PORTRAIT_WIDTH


def page_height(*, landscape: bool) -> float:
    """The height, in points, that rows surely can take on one page: programs round each to whole pixels."""
    return (_SHORT_SIDE if landscape else _LONG_SIDE) - 2 * MARGIN_ABOVE * 72 - _ROUNDED


def height_of(text: str, size: float, widths: Sequence[float]) -> float:
    """The height, in points, that a text of a font's size takes across columns of these widths."""
    return height_within(text, size, room_of(widths))


def room_of(widths: Sequence[float]) -> float:
    """The width, in points, that a text can take across columns of these widths."""
    return width_in_points(widths) - _PADDING


def height_within(text: str, size: float, room: float) -> float:
    """:func:`height_of` for many texts of the same columns, whose room is reckoned once."""
    lines = sum([max(1, math.ceil(_ems(line) * size / room)) for line in text.split("\n")])
    return lines * size * _LINE + _ABOVE_AND_BELOW


def one_line(size: float, width: float) -> int:
    """How many characters of a font's size surely fit on one line of a column of that width."""
    return int(room_of([width]) / size)


def _ems(text: str) -> float:
    """A text's width in ems: a Chinese character, of three bytes, is one; a Latin letter half."""
    return (len(text.encode()) + len(text)) / 4
