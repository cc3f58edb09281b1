"""What stands above the columns of any table: one row or two, and how the words are compared."""

import re
from collections.abc import Iterator, Mapping, Sequence

from build_scripts.intake.cell_table import Range, Row
from checklist.text import compact

_DECORATION = re.compile("[*★☆:。“”\"'‘’]")


def header_key(text: str) -> str:
    """The form in which headers are compared: folded, without blanks, stars, colons and quotes."""
    return _DECORATION.sub("", compact(text)).upper()


def header_texts(
    rows: Sequence[Row], merged: Sequence[Range]
) -> Iterator[tuple[int, dict[int, tuple[str, ...]]]]:
    """For a header of one row and of two: for each column what may be its words, the fullest first."""
    number, cells = rows[0]
    top = {column: str(cell) for column, cell in enumerate(cells) if cell}
    yield 1, {column: (text,) for column, text in top.items()}
    if len(rows) < 2 or rows[1][0] != number + 1:
        return
    above = _spread(top, [area for area in merged if area.top <= number - 1 <= area.bottom])
    below = {column: str(cell) for column, cell in enumerate(rows[1][1]) if cell}
    both = {column: (f"{above[column]}/{text}", text) for column, text in below.items() if column in above}
    yield 2, {**{column: (text,) for column, text in {**top, **below}.items()}, **both}


def _spread(top: Mapping[int, str], merged: Sequence[Range]) -> dict[int, str]:
    """The upper row, where a merged cell's words stand above all of its columns."""
    spread = dict(top)
    for area in merged:
        if area.left in top:
            spread.update(
                dict.fromkeys(range(area.left, min(area.right, area.left + 50) + 1), top[area.left])
            )
    return spread
