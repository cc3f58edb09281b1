"""The plan of a roster import: households that are new, changed, unchanged, or that the list lacks."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from build_scripts.intake.roster_columns import TYPE
from build_scripts.intake.roster_questions import OFF, ask_absent, ask_same
from build_scripts.intake.roster_reading import ReadHousehold
from checklist.messages import say
from checklist.model import Campaign
from checklist.problems import Problem
from checklist.reading.person_names import fold_name
from checklist.values.judge import Context, display

FIELDS = ("village", "householder", "household_type", "people")
"""The compared fields; the township follows from the village."""
MEMBERS = "members"
"""Among the changed fields: the members, as names."""


@dataclass(frozen=True, slots=True)
class Known:
    """An existing household of the roster."""

    id: str
    number: str | None
    values: Mapping[str, Any]
    active: bool = True
    members: Mapping[str, str] = field(default_factory=dict)
    """Names of those who are listed as its members, by folded name."""

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
    """Households missing from the list and confirmed for deactivation; never deleted."""
    absent: int = 0
    """Number of households that the list lacks and that stay as they are."""
    problems: list[Problem] = field(default_factory=list)

    @property
    def does_nothing(self) -> bool:
        """Whether the plan is empty."""
        return not (self.new or self.changed or self.gone)


def make_plan(listed: Iterable[ReadHousehold], known: Iterable[Known], context: Context) -> RosterPlan:
    """Diff a list against the roster.

    Households match by number; without one, or if the roster has no number yet, by village and householder. Missing
    columns and empty cells keep the known values. Lists come by kind: households that a list lacks are asked about
    only where it holds their kind.

    Args:
        listed: the households of a list, each once.
        known: the roster's, inactive ones included.
        context: of the list, with the answers to what is asked.
    """
    entries, households = list(listed), list(known)
    plan, taken = RosterPlan(), dict[str, ReadHousehold]()
    matcher = _Matcher(entries, households, context, taken, plan.problems)
    for entry in entries:
        found = matcher.find(entry)
        if found is None:
            plan.new.append(entry)
        elif found.id in taken:
            words = say(
                "roster-name-twice",
                first=taken[found.id].place,
                name=entry.values["householder"],
                label=context.campaign.roster.number_label,
            )
            plan.problems.append(Problem(entry.place, "roster-name-twice", words))
        else:
            taken[found.id] = entry
            _compare(plan, entry, found)
    _ask_for_absent(
        plan, entries, [each for each in households if each.active], {*taken, *matcher.pending}, context
    )
    return plan


class _Matcher:
    """Finds the known household that a list means."""

    def __init__(
        self,
        entries: Iterable[ReadHousehold],
        households: Iterable[Known],
        context: Context,
        taken: Mapping[str, ReadHousehold],
        problems: list[Problem],
    ) -> None:
        self._numbers = {each.number for each in entries if each.number}
        self._by_number = {each.number: each for each in households if each.number}
        self._by_key: dict[tuple[str, str], list[Known]] = {}
        for each in sorted(households, key=lambda each: not each.active):
            self._by_key.setdefault(each.key, []).append(each)
        self._context, self._taken, self._problems = context, taken, problems
        self.pending: set[str] = set()
        """Ids of the households among which a person has to choose yet."""

    def find(self, entry: ReadHousehold) -> Known | None:
        """Return the household; None for a new one, and while it is asked which of several is meant."""
        numbered = self._by_number.get(entry.number) if entry.number else None
        if numbered:
            return numbered
        same = [each for each in self._by_key.get(entry.key, ()) if self._may_be(entry, each)]
        if len(same) < 2:
            return same[0] if same else None
        campaign = self._context.campaign
        known = [(each.id, _described(each, campaign)) for each in same]
        form = campaign.household_form
        label = form.field("householder").label if form else ""
        named = label, str(entry.values["householder"])
        problem = ask_same(entry.place, named, known, campaign.counter, self._context.answers)
        self._problems.append(problem)
        answer = problem.question.answer if problem.question else ""
        self.pending.update(each.id for each in same if not answer)
        return next((each for each in same if each.id == answer), None)

    def _may_be(self, entry: ReadHousehold, known: Known) -> bool:
        """Whether a household of the same village and name may be meant: not one with another number."""
        other = known.number in self._numbers or (
            entry.number and known.number and known.number != entry.number
        )
        return known.id not in self._taken and not other


def _described(known: Known, campaign: Campaign) -> str:
    """Describe a household among others of its name."""
    form = campaign.household_form
    said = [str(known.values["householder"])]
    if form and form.has(TYPE) and known.values.get(TYPE):
        said.append(display(form.field(TYPE), known.values[TYPE], campaign))
    said += [f"{known.values['people']} 人"] if known.values.get("people") else []
    said += [f"{campaign.roster.number_label} {known.number}"] if known.number else []
    return "，".join(said)


def _ask_for_absent(
    plan: RosterPlan,
    entries: Iterable[ReadHousehold],
    active: Iterable[Known],
    taken: Collection[str],
    context: Context,
) -> None:
    """Ask by village about the households of the list's kinds that it lacks."""
    kinds: set[Any] = set()
    villages: set[str] = set()
    for entry in entries:
        kinds.add(entry.values.get(TYPE))
        villages.add(entry.key[0])
    by_village: dict[str, list[Known]] = {}
    for each in active:
        if each.key[0] in villages and (None in kinds or each.values.get(TYPE) in kinds):
            by_village.setdefault(each.key[0], []).append(each)
    campaign = context.campaign
    for code, known in by_village.items():
        absent = [each for each in known if each.id not in taken]
        if not absent:
            continue
        names = [str(each.values["householder"]) for each in absent]
        village = campaign.township_of_village[code].name + campaign.village_by_code[code].name
        problems = ask_absent(village, names, len(known), campaign.counter, context.answers)
        plan.problems += problems
        question = problems[0].question
        if question and question.answer == OFF:
            plan.gone += absent
        else:
            plan.absent += len(absent)


def _compare(plan: RosterPlan, entry: ReadHousehold, known: Known) -> None:
    said = {name: entry.values.get(name) for name in FIELDS}
    fields = {
        name: (known.values.get(name), value)
        for name, value in said.items()
        if value is not None and value != known.values.get(name)
    }
    if entry.number and entry.number != known.number:
        fields["number"] = (known.number, entry.number)
    if entry.members and entry.members.differ(known.members):
        before, after = sorted(known.members.values()), entry.members.after(known.members)
        fields[MEMBERS] = ("、".join(before), "、".join(after))
    if fields or not known.active:
        plan.changed.append(HouseholdChange(entry, known, fields))
    else:
        plan.unchanged += 1
