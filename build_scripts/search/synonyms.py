"""Synonyms: of the campaign's ``glossary.yml``, ``search.yml``, and the aliases in ``units.yml`` and ``forms/``."""

from collections.abc import Iterator
from dataclasses import dataclass

from checklist.model import Campaign
from checklist.reading.names import short_village

UNITS = "units"
"""The folder of the pages of units, which list their villages."""


@dataclass(frozen=True)
class Synonyms:
    """Words that expand to each other in a query."""

    same: tuple[str, ...]
    """True synonyms."""
    related: tuple[str, ...] = ()
    """Related words of the first: one-way expansion."""
    folder: str = ""
    """The handbook's folder whose pages are about what they name, if it is one."""


def synonyms_of(campaign: Campaign) -> tuple[Synonyms, ...]:
    """Return all groups of the campaign with more than one word."""
    return tuple(group for group in _groups(campaign) if len(group.same) > 1 or group.related)


def _groups(campaign: Campaign) -> Iterator[Synonyms]:
    for term in campaign.glossary.terms:
        yield Synonyms((term.term, *term.aliases), term.related)
    for kind in campaign.problem_types:
        yield Synonyms(tuple(dict.fromkeys((kind.name, kind.row_name, *kind.aliases))))
    for unit in campaign.unit_by_code.values():
        yield Synonyms(
            tuple(dict.fromkeys(filter(None, (unit.name, unit.full_name, *unit.aliases)))), (), UNITS
        )
    for village in campaign.village_by_code.values():
        short = short_village(village.name, campaign.reading.names)
        yield Synonyms(tuple(dict.fromkeys((village.name, short, *village.aliases))), (), UNITS)
    for words in campaign.search.same:
        yield Synonyms(words)
