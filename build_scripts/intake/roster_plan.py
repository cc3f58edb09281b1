"""The plan of a roster import: households that are new, changed, unchanged or missing."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from build_scripts.intake.roster_reading import ReadHousehold
from checklist.messages import say
from checklist.problems import Problem
from checklist.reading.person_names import fold_name

FIELDS = ("village", "householder", "household_type", "people")
"""The compared fields; the township follows from the village."""


@dataclass(frozen=True, slots=True)
class Known:
    """An existing household of the roster."""

    id: str
    number: str | None
    values: Mapping[str, Any]
    active: bool = True

    @property
    def key(self) -> tuple[str, str]:
        """Village and householder."""
        return str(self.values["village"]), fold_name(str(self.values["householder"]))


@dataclass(frozen=True, slots=True)
class HouseholdChange:
    """An update of a household: field id to old and new value."""

    listed: ReadHousehold
    known: Known
    fields: Mapping[str, tuple[Any, Any]]
    """Empty if it is only reactivated."""


@dataclass
class RosterPlan:
    """The plan."""

    new: list[ReadHousehold] = field(default_factory=list)
    changed: list[HouseholdChange] = field(default_factory=list)
    unchanged: int = 0
    gone: list[Known] = field(default_factory=list)
    """Households missing from the list's villages: kept, but deactivated."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def does_nothing(self) -> bool:
        """Whether the plan is empty."""
        return not (self.new or self.changed or self.gone)


def make_plan(listed: Iterable[ReadHousehold], known: Iterable[Known], number_label: str) -> RosterPlan:
    """Diff a list against the roster.

    Households match by number; without one, or if the roster has no number yet, by village and householder. Missing
    columns and empty cells keep the known values.

    Args:
        listed: the households of a list, each once.
        known: the roster's, inactive ones included.
        number_label: the campaign's name for the household's number.
    """
    entries, households = list(listed), list(known)
    by_number = {each.number: each for each in households if each.number}
    by_key: dict[tuple[str, str], list[Known]] = {}
    for each in sorted(households, key=lambda each: not each.active):
        by_key.setdefault(each.key, []).append(each)
    plan, taken = RosterPlan(), dict[str, ReadHousehold]()
    numbers = {each.number for each in entries if each.number}
    for entry in entries:
        found = by_number.get(entry.number) if entry.number else None
        found = found or _of_name(entry, by_key.get(entry.key, ()), taken, numbers)
        if found is None:
            plan.new.append(entry)
        elif found.id in taken:
            words = say(
                "roster-name-twice",
                first=taken[found.id].place,
                name=entry.values["householder"],
                label=number_label,
            )
            plan.problems.append(Problem(entry.place, "roster-name-twice", words))
        else:
            taken[found.id] = entry
            _compare(plan, entry, found)
    villages = {entry.key[0] for entry in entries}
    plan.gone = [
        each for each in households if each.active and each.id not in taken and each.key[0] in villages
    ]
    return plan


def _of_name(
    entry: ReadHousehold, same: Iterable[Known], taken: Mapping[str, ReadHousehold], numbers: Collection[str]
) -> Known | None:
    """Find a household by village and name, unless its number differs."""
    for each in same:
        other = each.number in numbers or (entry.number and each.number and each.number != entry.number)
        if each.id not in taken and not other:
            return each
    return None


def _compare(plan: RosterPlan, entry: ReadHousehold, known: Known) -> None:
    said = {name: entry.values.get(name) for name in FIELDS}
    fields = {
        name: (known.values.get(name), value)
        for name, value in said.items()
        if value is not None and value != known.values.get(name)
    }
    if entry.number and entry.number != known.number:
        fields["number"] = (known.number, entry.number)
    if fields or not known.active:
        plan.changed.append(HouseholdChange(entry, known, fields))
    else:
        plan.unchanged += 1
