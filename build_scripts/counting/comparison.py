"""对比: figures of two moments or two rounds side by side, by unit: old, new, difference."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from build_scripts.counting.breakdown_dimensions import DAY_COUNTED_RECTIFIED, DAY_FILED
from build_scripts.counting.count_query import COLUMNS, KEYS, Records, divided
from build_scripts.counting.percentages import percent
from build_scripts.counting.query_lines import within_county
from build_scripts.counting.summary_lines import SummaryRow
from checklist.model import Campaign

COMPARED = ("found", "rectified", "rectifying", "proposed_households", "proposed_people")
IN_A_SPAN = ("found", "rectified", "proposed_households", "proposed_people")
"""What can be said of a span of days: what was filed, and what was rectified, in it."""

_PART = len(KEYS)
_FILED = ("found", "proposed_households", "proposed_people")

Figures = Mapping[str, int]

Sides = tuple[int | None, int | None, int | None]
"""Old, new and difference; None where a side does not know the unit."""


@dataclass(frozen=True)
class Measured:
    """Figures of one moment, or of one span of days.

    Attributes:
        label: what they are and of when, in words: 截至2022年8月20日.
        units: unit code to figures; units without any are left out, unless they are known to have none.
        names: names of units that the campaign may not have, by code.
        total: the county's; its households are distinct.
    """

    label: str
    units: Mapping[str, Figures]
    total: Figures
    names: Mapping[str, str]
    figures: Sequence[str] = COMPARED


@dataclass(frozen=True)
class ComparedUnit:
    """One unit's figures, or the county's; None where one side does not know the unit."""

    unit_code: str
    """Empty for the county."""
    unit: str
    old: Figures | None
    new: Figures | None

    def figure(self, name: str) -> Sides:
        """A figure before and now, and by how much it grew."""
        old, new = (each[name] if each else None for each in (self.old, self.new))
        return old, new, new - old if old is not None and new is not None else None

    @property
    def rate(self) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
        """The share that is rectified in per cent, before and now, and the difference of what is shown in points."""
        old, new = (
            percent(Fraction(each["rectified"], each["found"])) if each and each["found"] else None
            for each in (self.old, self.new)
        )
        return old, new, new - old if old is not None and new is not None else None


@dataclass(frozen=True)
class Comparison:
    """Two sides, with the figures that both have, by unit, the county's last."""

    old: str
    new: str
    figures: Sequence[str]
    lines: Sequence[ComparedUnit]

    @property
    def has_rates(self) -> bool:
        """Whether found and rectified are of one moment, so that their share is a rate; of a span it is none."""
        return "rectifying" in self.figures

    def labels(self, campaign: Campaign) -> list[str]:
        """The figures' names."""
        names: dict[str, str] = {
            each.id: f"{each.group}{each.label}" for each in campaign.summary_table.columns
        }
        return [names.get(each, each) for each in self.figures]


def compared(old: Measured, new: Measured, campaign: Campaign, total_label: str) -> Comparison:
    """Put two sides beside each other: the campaign's units in their order, then others that a side has."""
    own = {unit.code: unit.name for unit in campaign.filing_units}
    others = {code: name for each in (old, new) for code, name in each.names.items() if code not in own}
    lines = [
        ComparedUnit(code, name, old.units.get(code), new.units.get(code))
        for code, name in {**own, **others}.items()
    ]
    figures = [each for each in COMPARED if each in old.figures and each in new.figures]
    return Comparison(
        old.label, new.label, figures, [*lines, ComparedUnit("", total_label, old.total, new.total)]
    )


def measured_in_rows(label: str, rows: Iterable[SummaryRow]) -> Measured:
    """Figures of a summary's rows, also of another campaign's: units by their code, all problem types together."""
    units: dict[str, Counter[str]] = {}
    names: dict[str, str] = {}
    for row in rows:
        names[row.unit_code] = row.unit
        units.setdefault(row.unit_code, Counter()).update({each: row.figure(each) for each in COMPARED})
    return _measured(label, units, names)


def measured_by_day(
    records: Records, campaign: Campaign, label: str, first: date | None, last: date
) -> Measured:
    """Figures of what was filed and rectified from one day to another, both included.

    What was withdrawn since does not count. What was rectified on a day that no ledger says counts as rectified never.

    Args:
        records: of an opened source; of one county.
        campaign: whose.
        label: in words.
        first: None for all until ``last``: then they are figures of that day.
        last: the last day.
    """
    units: dict[str, Counter[str]] = {unit.code: Counter() for unit in campaign.filing_units}
    for days, figures in ((DAY_FILED, _FILED), (DAY_COUNTED_RECTIFIED, ("rectified",))):
        for line in within_county(records.run(divided(days)), campaign):
            day = str(line[_PART] or "")[:10]
            if (
                line[0] == campaign.id
                and day
                and (not first or first.isoformat() <= day)
                and day <= last.isoformat()
            ):
                counted = units.setdefault(str(line[1] or ""), Counter())
                counted.update({each: int(line[COLUMNS.index(each) + 1] or 0) for each in figures})
    if first is None:
        for counted in units.values():
            counted["rectifying"] = counted["found"] - counted["rectified"]
    names = {code: code for code in units if code and code not in campaign.unit_by_code}
    return _measured(label, units, names, COMPARED if first is None else IN_A_SPAN)


def _measured(
    label: str, units: Mapping[str, Counter[str]], names: Mapping[str, str], figures: Sequence[str] = COMPARED
) -> Measured:
    total: Counter[str] = Counter()
    for counted in units.values():
        total.update(counted)
    whole = {code: {each: counted[each] for each in figures} for code, counted in units.items()}
    return Measured(label, whole, {each: total[each] for each in figures}, names, figures)
