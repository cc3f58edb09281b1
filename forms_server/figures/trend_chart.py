"""Chart of sums period by period: a row of columns for each sum, drawn as the desk's charts are; it prints as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from build_scripts.handbook import svg

_LEFT, _RIGHT, _TOP, _ROW, _HEIGHT = 8, 352, 24, 66, 36
_WIDEST = 40
"""Units of a column where there are few."""


@dataclass(frozen=True)
class TrendRow:
    """A sum in each period, with the same in words; None where it is not shown."""

    name: str
    values: Sequence[int | Decimal | None]
    words: Sequence[str]


def trend(title: str, periods: Sequence[str], rows: Sequence[TrendRow]) -> str:
    """Draw each sum by period, every row in its own scale from zero.

    Args:
        title: of the drawing.
        periods: in words, the earliest first; at least one.
        rows: at least one, each with a value a period.
    """
    shapes = [svg.text(_LEFT, 16, periods[0], "start"), svg.text(_RIGHT, 16, periods[-1], "end")]
    for place, row in enumerate(rows):
        shapes += _row(row, _TOP + _ROW * place)
    said = "；".join(
        f"{row.name}{'，'.join(f'{period}{words}' for period, words in zip(periods, row.words, strict=True))}"
        for row in rows
    )
    return svg.drawing("trend", _TOP + _ROW * len(rows), title, said, shapes)


def _row(row: TrendRow, top: float) -> Iterator[str]:
    yield svg.text(_LEFT, top + 18, row.name, "start")
    yield svg.text(_RIGHT, top + 18, row.words[-1], "end")
    numbers = [float(value or 0) for value in row.values]
    high, low = max(0.0, *numbers), min(0.0, *numbers)
    scale = _HEIGHT / ((high - low) or 1)
    zero = top + 24 + (high * scale if high or low else _HEIGHT)
    step = (_RIGHT - _LEFT) / len(numbers)
    width = min(step * 0.8, _WIDEST)
    for place, (number, value) in enumerate(zip(numbers, row.values, strict=True)):
        if value is not None:
            left = _LEFT + step * (place + 0.5) - width / 2
            css = "bar-done" if place == len(numbers) - 1 else "bar-rest"
            yield _column(left, zero - max(number, 0) * scale, width, abs(number) * scale, css)
    yield f'<path class="grid" d="M{_LEFT} {zero:.4g} {_RIGHT} {zero:.4g}"/>'


def _column(left: float, top: float, width: float, height: float, css: str) -> str:
    return f'<rect class="{css}" x="{left:.4g}" y="{top:.4g}" width="{width:.4g}" height="{height:.4g}"/>'
