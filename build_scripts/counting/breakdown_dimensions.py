"""Dimensions for breakdowns: the same query with one more grouping column."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from build_scripts.counting.summary_lines import FIGURES
from checklist.model import Campaign, RecordForm
from checklist.values.responsible_units import lead_names

ISSUE_FIGURES = FIGURES[:3]
"""Figures of issues only: proposed households have no source and no responsible unit."""

NOT_FILLED = "未填"
OTHER = "其他"


@dataclass(frozen=True)
class Division:
    """One dimension."""

    label: str
    """Its label."""
    names: Callable[[Campaign], Mapping[str, str]]
    """The possible values in display order, each with its name."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Table to the SQL expression of the value; empty if the value follows from the problem type."""
    figures: Sequence[str] = FIGURES
    of_problem_type: Callable[[Campaign], Mapping[str, str]] | None = None
    """Problem type to value, for a dimension without columns."""
    read: Callable[[Campaign], Callable[[str], str]] | None = None
    """From typed text to one of the names; what is none is shown as 其他, since it may be a person's."""


def _day(column: str) -> str:
    # Times are stored as times or text; cast to text, both begin with the day.
    return f"SUBSTR(CAST({column} AS VARCHAR(10)), 1, 10)"


DAY_FILED = dict.fromkeys(("issue", "proposed_household", "zero_report"), _day("created_at"))
"""The day on which a record was filed."""

DAY_RECTIFIED = {"issue": _day("rectified_on")}
"""The day on which an issue was rectified."""

_BEFORE_FILED = f"{_day('rectified_on')} < {_day('created_at')}"
DAY_COUNTED_RECTIFIED = {
    "issue": f"CASE WHEN {_BEFORE_FILED} THEN {_day('created_at')} ELSE {_day('rectified_on')} END"
}
"""The same, but not before its filing: ledgers imported later hold issues rectified earlier."""

NEEDED = {
    "issue": {"created_at", "rectified_on"},
    "proposed_household": {"created_at"},
    "zero_report": {"created_at"},
}
"""The columns that daily counts need."""


def _both(column: str) -> dict[str, str]:
    return dict.fromkeys(("issue", "proposed_household"), column)


def _problem_types(campaign: Campaign) -> Mapping[str, str]:
    return {each.id: each.name for each in campaign.problem_types}


def _areas(campaign: Campaign) -> Mapping[str, str]:
    return {area.id: area.name for area in campaign.areas}


def _area_of(campaign: Campaign) -> Mapping[str, str]:
    return {problem_type: area.id for problem_type, area in campaign.area_of_problem_type.items()}


def _itself(campaign: Campaign) -> Mapping[str, str]:
    return {each.id: each.id for each in campaign.problem_types}


def _villages(campaign: Campaign) -> Mapping[str, str]:
    return {
        village.code: f"{township.name}{village.name}"
        for township in campaign.units.townships
        for village in township.villages
    }


def _choices(field_id: str, campaign: Campaign) -> Mapping[str, str]:
    """Return the choices of every form's field of that id."""
    return {
        choice.id: choice.label
        for form in campaign.forms
        if isinstance(form, RecordForm)
        for each in form.fields
        if each.id == field_id
        for choice in each.choices
    }


def _unit_names(campaign: Campaign) -> Mapping[str, str]:
    """Map the display name of every unit to itself."""
    return {unit.name: unit.name for unit in (campaign.units.office, *campaign.filing_units)}


def _no_names(campaign: Campaign) -> Mapping[str, str]:
    return {}


VILLAGE = "village"

PARTS: Mapping[str, Division] = {
    "problem_type": Division("问题类型", _problem_types, of_problem_type=_itself),
    "area": Division("方面", _areas, of_problem_type=_area_of),
    VILLAGE: Division("村", _villages, _both("village_code")),
    "household_type": Division("户类型", partial(_choices, "household_type"), _both("household_type")),
    "responsible_unit": Division(
        "责任单位", _unit_names, {"issue": "responsible_unit"}, ISSUE_FIGURES, read=lead_names
    ),
    "source": Division("问题来源", partial(_choices, "source"), {"issue": "source"}, ISSUE_FIGURES),
    "day": Division("登记日期", _no_names, DAY_FILED),
}
"""The registry of dimensions: the values of ``--by``."""


def label_of(by: str, campaign: Campaign) -> str:
    """Return the label of a key of ``PARTS``: that of the first form's field of that id."""
    fields = (field for form in campaign.record_forms for field in form.fields if field.id == by)
    return next((field.label for field in fields), PARTS[by].label)
