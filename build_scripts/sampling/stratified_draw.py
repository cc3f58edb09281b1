"""The stratified draw: villages of each township, households of each drawn village, issues of each unit.

Pure: neither the order of the candidates nor anything but seed, plan and candidates decides.
"""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from build_scripts.sampling.drawn_order import order_key
from checklist.model import DrawPlan, Mark
from checklist.model.inspection import Always, HouseholdDraw, IssueDraw, VillageDraw


class DrawnKind(StrEnum):
    """What is drawn."""

    VILLAGE = "village"
    HOUSEHOLD = "household"
    ISSUE = "issue"


ALL = "all"
"""The stratum of villages and of issues, which have no others."""

BY_LOT = "lot"
"""Why something is in that is not in by a mark."""


@dataclass(frozen=True)
class Candidate:
    """What can be drawn.

    Attributes:
        id: of the village, household or issue.
        group: code of the township, village or unit of which so many are drawn.
        stratum: within the group.
        marks: what the records say of it.
    """

    kind: DrawnKind
    id: str
    group: str
    stratum: str = ALL
    marks: frozenset[Mark] = frozenset()


@dataclass(frozen=True)
class Drawn:
    """A candidate after the draw.

    Attributes:
        rank: its place within group and stratum, from 1.
        why: the mark by which it is in, or ``BY_LOT``; empty for those that are left, who replace in this order.
    """

    candidate: Candidate
    rank: int
    why: str

    @property
    def taken(self) -> bool:
        """Whether it is in."""
        return bool(self.why)


def draw(seed: str, plan: DrawPlan, candidates: Iterable[Candidate]) -> list[Drawn]:
    """Draw. Households of villages that were not drawn are left out, so that the stored list repeats the draw.

    Returns:
        Every candidate with its place, by kind, group, stratum and rank.
    """
    every = sorted(set(candidates), key=lambda each: (each.kind, each.id))
    of_kind = {kind: [each for each in every if each.kind is kind] for kind in DrawnKind}
    villages = _stage(seed, plan.villages, of_kind[DrawnKind.VILLAGE], {ALL: plan.villages.per_township})
    chosen = {each.candidate.id for each in villages if each.taken}
    near = [each for each in of_kind[DrawnKind.HOUSEHOLD] if each.group in chosen]
    takes = {stratum.id: stratum.take for stratum in plan.households.strata}
    households = _stage(seed, plan.households, near, takes)
    issues = _stage(seed, plan.issues, of_kind[DrawnKind.ISSUE], {ALL: plan.issues.per_unit})
    return [*villages, *households, *issues]


def replacements(
    drawn: Sequence[Drawn], strata: Sequence[str], used: Collection[str], gone: Drawn
) -> list[Drawn]:
    """Return who may stand in for one that cannot be looked at, the next first.

    Args:
        drawn: the whole draw.
        strata: in the plan's order: after its own stratum the others follow.
        used: ids that stand in already.
        gone: the one to be replaced.
    """
    own = gone.candidate
    order = [own.stratum, *(each for each in strata if each != own.stratum)]
    left = [
        each
        for each in drawn
        if not each.taken
        and (each.candidate.kind, each.candidate.group) == (own.kind, own.group)
        and each.candidate.id not in used
        and each.candidate.stratum in order
    ]
    return sorted(left, key=lambda each: (order.index(each.candidate.stratum), each.rank))


def list_hash(candidates: Iterable[Candidate]) -> str:
    """Return the SHA-256 of the list that was drawn from, whatever its order."""
    lines = sorted(
        json.dumps([each.kind, each.id, each.group, each.stratum, sorted(each.marks)], ensure_ascii=True)
        for each in candidates
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


_Stage = VillageDraw | HouseholdDraw | IssueDraw


def _stage(
    seed: str, stage: _Stage, candidates: Sequence[Candidate], takes: Mapping[str, int]
) -> list[Drawn]:
    times = {each.mark: each.times for each in stage.weights}
    keys = {each.id: order_key(seed, each.id, _weight(each, times)) for each in candidates}
    groups: dict[str, list[Candidate]] = {}
    for each in sorted(candidates, key=lambda one: (one.group, keys[one.id], one.id)):
        groups.setdefault(each.group, []).append(each)
    return [drawn for ordered in groups.values() for drawn in _group(ordered, stage.always, takes)]


def _weight(candidate: Candidate, times: Mapping[Mark, int]) -> int:
    """The largest of the weights of its marks."""
    return max([1, *(times[mark] for mark in candidate.marks if mark in times)])


def _group(ordered: Sequence[Candidate], always: Sequence[Always], takes: Mapping[str, int]) -> list[Drawn]:
    """Draw in one group: what is in by a mark, then so many of the others in each stratum."""
    why: dict[str, str] = {}
    for rule in always:
        marked = [each.id for each in ordered if rule.mark in each.marks]
        for each_id in marked[: rule.take]:
            why.setdefault(each_id, rule.mark.value)
    places: dict[str, int] = {}
    left = dict(takes)
    drawn = []
    for each in ordered:
        places[each.stratum] = places.get(each.stratum, 0) + 1
        if each.id not in why and left.get(each.stratum, 0) > 0:
            left[each.stratum] -= 1
            why[each.id] = BY_LOT
        drawn.append(Drawn(each, places[each.stratum], why.get(each.id, "")))
    return sorted(drawn, key=lambda one: (one.candidate.stratum, one.rank))
