"""Responsible units of an issue: those of its look-for item if it has its own, else of its problem type.

An item that counts under another problem type than the issue does not say who answers for it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checklist.identity_cache import IdentityCache
from checklist.model import Area, Campaign, Item


@dataclass(frozen=True)
class Responsibility:
    """A unit's responsibility within one problem type."""

    of_type: bool
    """Whether it answers for those that were found at no item, or at one without units of its own."""
    items: frozenset[str]
    """Items with units of their own, this unit among them."""
    not_items: frozenset[str]
    """Items with units of their own, this unit not among them."""


def answering(campaign: Campaign, problem_type_id: str, item_id: str | None) -> frozenset[str]:
    """Codes of the units that answer for an issue; none where the campaign no longer has its problem type."""
    return _ANSWERING.get(
        lambda: _answering(campaign, problem_type_id, item_id), (campaign,), problem_type_id, item_id
    )


_ANSWERING: IdentityCache[frozenset[str]] = IdentityCache(4096)


def _answering(campaign: Campaign, problem_type_id: str, item_id: str | None) -> frozenset[str]:
    area = campaign.area_of_problem_type.get(problem_type_id)
    if area is None:
        return frozenset()
    own = next((item for item in _own_items(area, problem_type_id) if item.id == item_id), None)
    return _codes(campaign, area, own) if own else _of_type(campaign, area, problem_type_id)


def responsibilities(campaign: Campaign, unit_code: str) -> Mapping[str, Responsibility]:
    """Responsibilities of a unit by problem type; types without any are omitted.

    Invariant, kept on storage: an issue's item lies in the area of its problem type.
    """
    found = {
        problem_type.id: _duty(campaign, area, problem_type.id, unit_code)
        for area in campaign.areas
        for problem_type in area.problem_types
    }
    return {type_id: duty for type_id, duty in found.items() if duty.of_type or duty.items}


def household_items(campaign: Campaign, unit_code: str) -> Iterator[Item]:
    """The items about households that a unit answers for."""
    for area in campaign.areas:
        for item in area.all_items:
            if "household" in item.subjects and unit_code in _codes(campaign, area, item):
                yield item


def _duty(campaign: Campaign, area: Area, problem_type_id: str, unit_code: str) -> Responsibility:
    own = {item.id: _codes(campaign, area, item) for item in _own_items(area, problem_type_id)}
    mine = frozenset(item_id for item_id, codes in own.items() if unit_code in codes)
    return Responsibility(unit_code in _of_type(campaign, area, problem_type_id), mine, frozenset(own) - mine)


def _own_items(area: Area, problem_type_id: str) -> list[Item]:
    """The items that say who answers for an issue of that type."""
    return [
        item for item in area.all_items if item.responsible and item.problem_type in {None, problem_type_id}
    ]


def _of_type(campaign: Campaign, area: Area, problem_type_id: str) -> frozenset[str]:
    """The units of the area; where it is divided into problem types, those of the type's items."""
    items = [item for item in area.all_items if item.problem_type == problem_type_id and item.responsible]
    if len(area.problem_types) == 1 or not items:
        return _codes(campaign, area)
    return frozenset().union(*(_codes(campaign, area, item) for item in items))


def _codes(campaign: Campaign, area: Area, item: Item | None = None) -> frozenset[str]:
    return frozenset(unit.code for unit in campaign.responsible_for(area, item))
