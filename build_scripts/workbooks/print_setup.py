"""Print metrics: row heights, orientation and margins, from columns' widths (``width`` in ``forms/*.yml``)."""

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
    """Return the width of columns given in characters."""
    return sum(width * _POINTS_PER_CHARACTER + _PADDING for width in widths)


def is_landscape(widths: Sequence[float]) -> bool:
    """Return whether columns need landscape A4, being too small to read in portrait."""
    return width_in_points(widths) * _SMALLEST_SCALE > _PORTRAIT_WIDTH


def page_height(*, landscape: bool) -> float:
    """Return the safe total row height of one page, in points: programs round each row to whole pixels."""
    return (_SHORT_SIDE if landscape else _LONG_SIDE) - 2 * MARGIN_ABOVE * 72 - _ROUNDED


def height_of(text: str, size: float, widths: Sequence[float]) -> float:
    """Return the height, in points, of a text of a font size across columns of these widths."""
    return height_within(text, size, room_of(widths))


def room_of(widths: Sequence[float]) -> float:
    """Return the width, in points, available to a text across columns of these widths."""
    return width_in_points(widths) - _PADDING


def height_within(text: str, size: float, room: float) -> float:
    """Return :func:`height_of` for many texts of the same columns, with the width precomputed."""
    lines = sum([max(1, math.ceil(ems_of(line) * size / room)) for line in text.split("\n")])
    return lines * size * _LINE + _ABOVE_AND_BELOW


def one_line(size: float, width: float) -> int:
    """Return how many characters of a font size safely fit on one line of a column of that width."""
    return int(room_of([width]) / size)


def ems_of(text: str) -> float:
    """Return a text's width in ems: a Chinese character, of three bytes, is one; a Latin letter half."""
    return (len(text.encode()) + len(text)) / 4
