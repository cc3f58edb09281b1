"""The village of a whole sheet: by its name, or by its title."""

from collections.abc import Sequence

from checklist.model import Unit
from checklist.reading.names import place_key, village_spellings
from checklist.values.judge import Context

_LEAST = 3
"""Characters of a spelling that is looked for within a title: 河头村, not 河头."""


def village_of_sheet(name: str, titles: Sequence[str], context: Context) -> str:
    """Return the text that names a sheet's village; empty if it names none, or several.

    Args:
        name: of the sheet.
        titles: the texts above the table.
        context: gives the township; in a county unit's ledger a title may name any place.
    """
    if context.names.village(name, context.township):
        return name
    return _of_titles(titles, context.township, context) if context.township else ""


def _of_titles(titles: Sequence[str], township: Unit, context: Context) -> str:
    words = context.campaign.reading.names
    texts = [place_key(title, words) for title in titles]
    found = {
        village.name
        for village in township.villages
        for spelling in village_spellings(village.name, words)
        if len(spelling) >= _LEAST and any(spelling in text for text in texts)
    }
    return found.pop() if len(found) == 1 else ""
