"""Small counts of public figures: a unit with one or two problems of a type may point to a household."""

import re
from collections.abc import Mapping

from build_scripts.handbook.page_urls import FIGURES_FOLDER

SMALLEST_SHOWN = 5
HIDDEN = f"＜{SMALLEST_SHOWN}"

_SMALL = re.compile(rf"(<td[^>]*>)[1-{SMALLEST_SHOWN - 1}](</td>)")


def without_small_counts(pages: Mapping[str, str]) -> dict[str, str]:
    """Pages by path, with ＜5 in place of the counts from 1 to 4 in tables of figures."""
    return {
        path: _SMALL.sub(rf"\g<1>{HIDDEN}\g<2>", text) if path.startswith(FIGURES_FOLDER) else text
        for path, text in pages.items()
    }
