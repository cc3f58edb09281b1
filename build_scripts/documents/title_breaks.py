"""Line breaks of long titles: never inside a quotation."""

import math
from typing import Any

from build_scripts.documents.gbt9704 import POINTS_PER_MM, SIZE_2, TEXT_WIDTH, name_in_word


def break_titles(document: Any) -> None:
    """Break each title longer than a line at a sensible place, unless it has breaks already."""
    for paragraph in document.paragraphs:
        parts = title_lines(paragraph.text)
        if paragraph.style.name == name_in_word("标题") and len(parts) > 1:
            first, *others = paragraph.runs
            first.text = "\n".join(parts)
            for run in others:
                run.text = ""


def title_lines(title: str) -> list[str]:
    """Return a title's lines, broken beside a quotation nearest to the middle; unbroken if there is none."""
    most = math.floor(TEXT_WIDTH * POINTS_PER_MM / SIZE_2)
    if len(title) <= most or "\n" in title:
        return [title]
    places = [
        place
        for place in range(1, len(title))
        if (title[place] in "“《" or title[place - 1] in "”》") and max(place, len(title) - place) <= most
    ]
    if not places:
        return [title]
    place = min(places, key=lambda place: abs(2 * place - len(title)))
    return [title[:place], title[place:]]
