"""What importing a list would change: households that are new, changed, as they were, or no longer in it."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from build_scripts.intake.roster_reading import ReadHousehold
from checklist.messages import say
from checklist.problems import Problem
from checklist.reading.person_names import fold_name

FIELDS = ("village", "householder", "household_type", "people")
"""What is compared; the township follows from the village."""


@dataclass(frozen=True, slots=True)
class Known:
    """A household that the roster has already."""

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
    """A household that the list says something else about; by field id, what is known and what the list says."""

    listed: ReadHousehold
    known: Known
    fields: Mapping[str, tuple[Any, Any]]
    """Empty where it only comes back to the roster."""


@dataclass
class RosterPlan:
    """Everything that an import would do."""

    new: list[ReadHousehold] = field(default_factory=list)
    changed: list[HouseholdChange] = field(default_factory=list)
    unchanged: int = 0
    gone: list[Known] = field(default_factory=list)
    """Households of the list's villages that it lacks: they stay, but are no longer offered."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def does_nothing(self) -> bool:
        """Whether the roster is already as the list says."""
        return not (self.new or self.changed or self.gone)


def make_plan(listed: Iterable[ReadHousehold], known: Iterable[Known], number_label: str) -> RosterPlan:
    """Compares a list with the roster.

    A household is the one of its number; without one, or where the roster has no number yet, the one of its village
    and householder. What a list has no column for, or leaves empty, stays as it is known.

    Args:
        listed: the households of a list, each once.
        known: the roster's, those that are no longer active among them.
        number_label: what the campaign calls the household's number.
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
    """A household of that village and name, unless its number says that it is another one."""
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
