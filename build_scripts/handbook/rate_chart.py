"""Chart of rates with their intervals: a line from low to high for each unit, a dot at the rate; prints as it is."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_scripts.counting.percentages import percent_words
from build_scripts.handbook import svg

_ROW, _TOP, _LEFT, _RIGHT = 40, 34, 8, 352
_BAR = 6


@dataclass(frozen=True)
class RateLine:
    """A line of the chart; shares from 0 to 1."""

    name: str
    words: str
    """The rate with n, as text."""
    share: float
    low: float
    high: float


def rate_chart(name: str, title: str, lines: Sequence[RateLine]) -> str:
    """Draw the rates, in the order of the lines.

    Args:
        name: prefix of its ids; unique on the page.
        title: what the rates are.
        lines: at least one.
    """
    shapes = [
        svg.text(_LEFT, 16, title, "start"),
        *(shape for row, line in enumerate(lines) for shape in _line(line, row)),
    ]
    described = "；".join(
        f"{line.name}{line.words}，区间{percent_words(line.low)}至{percent_words(line.high)}"
        for line in lines
    )
    return svg.drawing(name, _TOP + _ROW * len(lines) + 4, title, described, shapes)


def _line(line: RateLine, row: int) -> Iterator[str]:
    top = _TOP + _ROW * row
    low, high, share = (_LEFT + (_RIGHT - _LEFT) * each for each in (line.low, line.high, line.share))
    yield svg.text(_LEFT, top + 14, line.name, "start")
    yield svg.text(_RIGHT, top + 14, line.words, "end")
    yield _bar(_LEFT, _RIGHT, top + 26, 1, "rate-scale")
    yield _bar(low, high, top + 23.5, _BAR, "bar-open")
    yield _bar(share - 2, share + 2, top + 20, 13, "bar-done")


def _bar(left: float, right: float, top: float, height: float, css_class: str) -> str:
    return f'<rect class="{css_class}" x="{left:.4g}" y="{top:g}" width="{right - left:.4g}" height="{height:g}"/>'
