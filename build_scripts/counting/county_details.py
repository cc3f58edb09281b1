"""The county's figures by village and responsible unit, and what is overdue: for the office's workbook."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from build_scripts.counting.breakdown_dimensions import NOT_FILLED, OTHER, PARTS
from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided
from build_scripts.counting.summary_lines import FIGURES
from checklist.model import Campaign
from checklist.overdue import ISSUES_DUE, days_left

Figures = Mapping[str, int]

_NONE: Figures = dict.fromkeys(FIGURES, 0)
_PART = len(KEYS)
_PLACES = {name: COLUMNS.index(name) + 1 for name in FIGURES}
_OVERDUE = ("unit_code", "village_code", "problem_type_id", "deadline")


@dataclass(frozen=True)
class VillageFigures:
    """A village's figures, all 0 where it found nothing; without names what lies in no village."""

    township: str
    village: str
    figures: Figures


@dataclass(frozen=True)
class OverdueCount:
    """Overdue issues of one unit, village, problem type and deadline; nobody is named."""

    unit: str
    village: str
    problem_type: str
    deadline: date
    days: int
    """By which they are overdue."""
    issues: int


@dataclass(frozen=True)
class CountyDetails:
    """What the office's workbook holds besides annex 2."""

    villages: Sequence[VillageFigures]
    responsible: Sequence[tuple[str, Figures]]
    """Lead responsible unit and figures, the most issues first."""
    overdue: Sequence[OverdueCount]
    """The longest overdue first."""


def details_of(records: Records, campaign: Campaign, today: date) -> CountyDetails | None:
    """Count the details of an opened source; None where it lacks the columns."""
    needed = {"village_code", "responsible_unit", *_OVERDUE}
    if not records.columns.get("issue", frozenset()) >= needed:
        return None
    return CountyDetails(
        _villages(_by_part(records, campaign, "village"), campaign),
        _responsible(_by_part(records, campaign, "responsible_unit"), campaign),
        _overdue(records, campaign, today),
    )


def _by_part(records: Records, campaign: Campaign, by: str) -> Mapping[str, Figures]:
    """Return the figures by a dimension's raw value; empty where nothing was filled in."""
    found: dict[str, Counter[str]] = {}
    for line in records.run(divided(PARTS[by].columns)):
        if line[0] == campaign.id:
            counted = found.setdefault(str(line[_PART] or ""), Counter())
            for name, place in _PLACES.items():
                counted[name] += int(line[place] or 0)
    return found


def _villages(found: Mapping[str, Figures], campaign: Campaign) -> list[VillageFigures]:
    lines = [
        VillageFigures(township.name, village.name, {**_NONE, **found.get(village.code, {})})
        for township in campaign.units.townships
        for village in township.villages
    ]
    elsewhere: Counter[str] = Counter()
    for code, figures in found.items():
        if code not in campaign.village_by_code:
            elsewhere.update(figures)
    return [*lines, VillageFigures("", "", {**_NONE, **elsewhere})] if any(elsewhere.values()) else lines


def _responsible(found: Mapping[str, Figures], campaign: Campaign) -> list[tuple[str, Figures]]:
    """Merge the texts that name one unit; what is none of the campaign's may be a person's name, and is not shown."""
    part = PARTS["responsible_unit"]
    read = part.read(campaign) if part.read else str
    merged: dict[str, Counter[str]] = {}
    for text, figures in found.items():
        name = (read(text) or OTHER) if text else NOT_FILLED
        merged.setdefault(name, Counter()).update(figures)
    told = [(name, {**_NONE, **figures}) for name, figures in merged.items() if figures["found"]]
    return sorted(told, key=lambda pair: (pair[0] in {OTHER, NOT_FILLED}, -pair[1]["found"], pair[0]))


def _overdue(records: Records, campaign: Campaign, today: date) -> list[OverdueCount]:
    columns = ", ".join(_OVERDUE)
    # Trusted names, a day and an id of letters, digits and hyphens.
    query = f"""
        SELECT {columns}, COUNT(*) FROM issue
        WHERE campaign_id = '{campaign.id}' AND {ISSUES_DUE.overdue_sql(today)}
        GROUP BY {columns} ORDER BY {columns}
    """  # noqa: S608
    units, villages, types = (
        campaign.unit_by_code,
        campaign.village_by_code,
        campaign.problem_type_by_id,
    )
    found = []
    for unit, village, problem_type, deadline, count in records.run(query):
        day = date.fromisoformat(str(deadline)[:10])
        found.append(
            OverdueCount(
                units[str(unit)].name if unit in units else str(unit),
                villages[str(village)].name if village in villages else "",
                types[str(problem_type)].name if problem_type in types else str(problem_type),
                day,
                -days_left(day, today),
                int(count),
            )
        )
    return sorted(found, key=lambda each: -each.days)
