"""Column headers of any table, in one row or two, and their normalisation."""

import re
from collections.abc import Iterator, Mapping, Sequence

from build_scripts.intake.cell_table import Range, Row
from checklist.text_normalisation import compact

_DECORATION = re.compile("[*★☆:。“”\"'‘’]")


def header_key(text: str) -> str:
    """Normalise a header for comparison: folded, without blanks, stars, colons and quotes."""
    return _DECORATION.sub("", compact(text)).upper()


def header_texts(
    rows: Sequence[Row], merged: Sequence[Range]
) -> Iterator[tuple[int, dict[int, tuple[str, ...]]]]:
    """Yield, for one and for two header rows, each column's possible texts, the fullest first."""
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
    """Return the upper row, with merged cells' text repeated over all of their columns."""
    spread = dict(top)
    for area in merged:
        if area.left in top:
            spread.update(
                dict.fromkeys(range(area.left, min(area.right, area.left + 50) + 1), top[area.left])
            )
    return spread
