"""The overdue issues of a live database, for documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from build_scripts.counting.count_query import Records, literals, require_tables
from checklist.model import Campaign
from checklist.overdue import ISSUES_DUE, days_left

_COLUMNS = (
    "id",
    "unit_code",
    "village_code",
    "householder",
    "problem_type_id",
    "content",
    "responsible_person",
    "responsible_unit",
    "deadline",
)


@dataclass(frozen=True)
class Overdue:
    """One issue, in the words of its ledger."""

    id: str
    unit_code: str
    village: str
    householder: str
    problem_type: str
    content: str
    responsible_person: str
    responsible_unit: str
    deadline: date
    days: int
    """The number of days it is overdue."""


def overdue_issues(
    records: Records, campaign: Campaign, today: date, unit_code: str | None = None
) -> Sequence[Overdue]:
    """Return the overdue issues of a live database, or of one unit, the longest overdue first.

    Raises:
        BadSource: a column is missing: an export has no householders.
    """
    require_tables(records.columns, {"issue": set(_COLUMNS)})
    own = f"AND unit_code = {literals([unit_code])} " if unit_code else ""
    # An id of letters, digits and hyphens, a day, and a code.
    query = f"""
        SELECT {", ".join(_COLUMNS)} FROM issue
        WHERE campaign_id = '{campaign.id}' AND {ISSUES_DUE.overdue_sql(today)}
        {own}ORDER BY deadline, id
    """  # noqa: S608
    return [_issue(dict(zip(_COLUMNS, line, strict=True)), campaign, today) for line in records.run(query)]


def issues_by_id(records: Records, campaign: Campaign, today: date, ids: Sequence[str]) -> Sequence[Overdue]:
    """Return issues that were overdue on a day, as they are now, by their deadlines.

    Args:
        records: of a live database.
        campaign: gives names.
        today: by which the days are counted.
        ids: of the issues.
    """
    query = f"""
        SELECT {", ".join(_COLUMNS)} FROM issue
        WHERE id IN ({literals(ids)}) AND deadline IS NOT NULL ORDER BY deadline, id
    """  # noqa: S608 - ids of letters, digits and hyphens
    return [_issue(dict(zip(_COLUMNS, line, strict=True)), campaign, today) for line in records.run(query)]


def _issue(line: Mapping[str, object], campaign: Campaign, today: date) -> Overdue:
    village = campaign.village_by_code.get(str(line["village_code"]))
    problem_type = campaign.problem_type_by_id.get(str(line["problem_type_id"]))
    # SQLite returns dates as text.
    deadline = date.fromisoformat(str(line["deadline"]))
    return Overdue(
        id=str(line["id"]),
        unit_code=str(line["unit_code"]),
        village=village.name if village else "",
        householder=str(line["householder"] or ""),
        problem_type=problem_type.name if problem_type else str(line["problem_type_id"]),
        content=str(line["content"] or ""),
        responsible_person=str(line["responsible_person"] or ""),
        responsible_unit=str(line["responsible_unit"] or ""),
        deadline=deadline,
        days=-days_left(deadline, today),
    )
