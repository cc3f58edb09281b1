"""County overview for the office: issues by unit and area, overdue ones, and daily counts."""

from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from sqlalchemy import Connection, case, func, select

from build_scripts.counting.daily_counts import DayCount, every_day
from build_scripts.handbook.county_charts import shade
from checklist.model import Area, Campaign, Unit
from checklist.overdue import ISSUES_DUE
from checklist.states import COUNT_AS_RECTIFIED, FOUND
from forms_server.db.tables import day_tally, issue, tally
from forms_server.records import overdue_conditions


@dataclass(frozen=True)
class CountyCell:
    """Counts of issues of some units under some problem types."""

    found: int = 0
    done: int = 0
    """Rectified or closed, as annex 2 counts."""
    overdue: int = 0

    @property
    def open(self) -> int:
        """Still being rectified."""
        return self.found - self.done

    def __add__(self, other: "CountyCell") -> "CountyCell":
        return CountyCell(self.found + other.found, self.done + other.done, self.overdue + other.overdue)


@dataclass(frozen=True)
class County:
    """Counts of all units, by unit and area."""

    units: Sequence[Unit]
    areas: Sequence[Area]
    cells: Mapping[tuple[str, str], CountyCell]
    """By unit code and area id; pairs without issues are omitted."""
    unreported: Set[tuple[str, str]] = frozenset()
    """Pairs without issues that have an unreported problem type: shown as a mark instead of 0."""
    types: Mapping[str, int] = field(default_factory=dict)
    """Issues found by problem type id; those of 0 are omitted."""

    def by_type(self, campaign: Campaign) -> list[tuple[str, int]]:
        """Names of the problem types with what was found under them."""
        return [(kind.name, self.types.get(kind.id, 0)) for kind in campaign.problem_types]

    def reported(self, unit: Unit, area: Area) -> bool:
        """Whether the cell's figure is meaningful."""
        return (unit.code, area.id) not in self.unreported

    def area_reported(self, area: Area) -> bool:
        """Whether an area's figure is meaningful: all units reported, or something was found."""
        return bool(self.of_area(area).found) or all(self.reported(unit, area) for unit in self.units)

    def cell(self, unit: Unit, area: Area) -> CountyCell:
        """Return the counts of a unit and area."""
        return self.cells.get((unit.code, area.id), CountyCell())

    def of_unit(self, unit: Unit) -> CountyCell:
        """Sum over a unit's areas."""
        return self._by_unit.get(unit.code, CountyCell())

    def of_area(self, area: Area) -> CountyCell:
        """Sum over an area's units."""
        return self._by_area.get(area.id, CountyCell())

    @property
    def total(self) -> CountyCell:
        """Sum over all cells."""
        return sum(self._by_area.values(), CountyCell())

    @cached_property
    def _by_unit(self) -> Mapping[str, CountyCell]:
        return self._summed({unit.code: [(unit.code, area.id) for area in self.areas] for unit in self.units})

    @cached_property
    def _by_area(self) -> Mapping[str, CountyCell]:
        return self._summed({area.id: [(unit.code, area.id) for unit in self.units] for area in self.areas})

    def _summed(self, parts: Mapping[str, Sequence[tuple[str, str]]]) -> Mapping[str, CountyCell]:
        return {
            name: sum((self.cells[pair] for pair in pairs if pair in self.cells), CountyCell())
            for name, pairs in parts.items()
        }

    def shade(self, unit: Unit, area: Area) -> int:
        """Shade of a heat map's cell, 0 (none) to 5, by the rank of its count."""
        return shade(self.cell(unit, area).found, self._counts)

    @cached_property
    def _counts(self) -> list[int]:
        return sorted(cell.found for cell in self.cells.values() if cell.found)


def county(connection: Connection, campaign: Campaign, units: Sequence[Unit], today: date) -> County:
    """Count these units: found and rectified from the tally, overdue from the ledgers.

    They are the summary's own (``build_scripts/counting/counts.sql``); a test holds both to the same.
    """
    issues = [form.id for form in campaign.record_forms if form.kind == "issue"]
    found: dict[tuple[str, str], CountyCell] = {}
    types, shown = Counter[str](), {unit.code for unit in units}
    for unit_code, type_id, cell in [
        *_tallied(connection, campaign, issues),
        *_overdue(connection, campaign, issues, today),
    ]:
        if area := campaign.area_of_problem_type.get(type_id):
            key = unit_code, area.id
            found[key] = found.get(key, CountyCell()) + cell
            types[type_id] += cell.found if unit_code in shown else 0
    return County(units, campaign.areas, found, types=types)


def _tallied(
    connection: Connection, campaign: Campaign, forms: Sequence[str]
) -> Sequence[tuple[str, str, CountyCell]]:
    done = func.sum(
        case((tally.c.state.in_([state.value for state in COUNT_AS_RECTIFIED]), tally.c.records), else_=0)
    )
    query = (
        select(tally.c.unit_code, tally.c.problem_type_id, func.sum(tally.c.records), done)
        .where(
            tally.c.campaign_id == campaign.id,
            tally.c.form_id.in_(forms),
            tally.c.state.in_([state.value for state in FOUND]),
        )
        .group_by(tally.c.unit_code, tally.c.problem_type_id)
    )
    return [
        (unit, kind, CountyCell(int(found), int(done)))
        for unit, kind, found, done in connection.execute(query)
    ]


def _overdue(
    connection: Connection, campaign: Campaign, forms: Sequence[str], today: date
) -> Sequence[tuple[str, str, CountyCell]]:
    # coalesce keeps SQLite from scanning all issues in group order; it uses the index of deadlines instead.
    unit = func.coalesce(issue.c.unit_code, "")
    query = (
        select(unit, issue.c.problem_type_id, func.count())
        .where(
            issue.c.campaign_id == campaign.id,
            issue.c.form_id.in_(forms),
            overdue_conditions.overdue(issue, ISSUES_DUE, today),
        )
        .group_by(unit, issue.c.problem_type_id)
    )
    return [(unit, kind, CountyCell(overdue=count)) for unit, kind, count in connection.execute(query)]


def days(connection: Connection, campaign: Campaign, units: Sequence[Unit]) -> Sequence[DayCount]:
    """Daily counts of found and rectified issues, from the daily tally in constant time.

    An issue counts as rectified on the day given in its ledger, but not before it was filed.
    """
    table = day_tally.c
    query = (
        select(table.day, func.sum(table.found), func.sum(table.rectified))
        .where(table.campaign_id == campaign.id, table.unit_code.in_([unit.code for unit in units]))
        .group_by(table.day)
    )
    found, rectified = Counter[date](), Counter[date]()
    for day, filed, done in connection.execute(query):
        if filed:
            found[day] = int(filed)
        if done:
            rectified[day] = int(done)
    return every_day(found, rectified)
