"""Words that mean the same, from the glossary and from every name that the campaign keeps aliases for."""

from collections.abc import Iterator
from dataclasses import dataclass

from checklist.model import Campaign


@dataclass(frozen=True)
class Synonyms:
    """Words that are looked for in each other's stead."""

    same: tuple[str, ...]
    """They mean the same."""
    related: tuple[str, ...] = ()
    """They belong to the subject of the first: looked for when that is asked for, not the other way round."""


def synonyms_of(campaign: Campaign) -> tuple[Synonyms, ...]:
    """All groups of the campaign that hold more than one word."""
    return tuple(group for group in _groups(campaign) if len(group.same) > 1 or group.related)


def _groups(campaign: Campaign) -> Iterator[Synonyms]:
    for term in campaign.glossary.terms:
        yield Synonyms((term.term, *term.aliases), term.related)
    for kind in campaign.problem_types:
        yield Synonyms(tuple(dict.fromkeys((kind.name, kind.row_name, *kind.aliases))))
    for unit in campaign.unit_by_code.values():
        yield Synonyms(tuple(dict.fromkeys(filter(None, (unit.name, unit.full_name, *unit.aliases)))))
    for village in campaign.village_by_code.values():
        yield Synonyms((village.name, *village.aliases))
