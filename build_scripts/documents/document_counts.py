"""What documents count besides annex 2: by form and item, visits, entry in time, who has handed in, and since a day."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from build_scripts.counting.count_query import Records, has, literals
from build_scripts.counting.daily_counts import days_of, has_days
from build_scripts.reconciliation.signed_returns import all_signed
from build_scripts.summary.reporting_completeness import LATE, NONE, ON_TIME, arrival
from checklist.model import Campaign, Unit
from checklist.overdue import due_rule
from checklist.states import COUNT_AS_RECTIFIED, FOUND, first_state

_MOST_TYPICAL = 5


@dataclass(frozen=True)
class EntryCounts:
    """Proposed households by whether they were entered in the national system in time."""

    days: int
    """Within which they are to be entered."""
    in_time: int
    late: int
    waiting: int
    """Not entered yet, of which ``overdue`` are past their day."""
    overdue: int


@dataclass(frozen=True)
class Arrivals:
    """Names of the units by when they first handed in."""

    on_time: Sequence[str]
    late: Sequence[str]
    none: Sequence[str]


@dataclass(frozen=True)
class SinceThen:
    """The county at the end of an earlier day."""

    day: date
    found: int
    rectified: int


@dataclass(frozen=True)
class DocumentCounts:
    """Counts of one unit, or of the county; what a source lacks is empty or None."""

    forms: Sequence[tuple[str, int, int]] = ()
    """Each ledger of issues with its number of issues and how many of them are rectified."""
    typical: Sequence[tuple[str, int]] = ()
    """Items of the checklist with most issues, in the notice's words: nobody is named."""
    visited: int = 0
    """Households that were visited to the end."""
    with_problems: int = 0
    """Of these, households with a problem."""
    entry: EntryCounts | None = None
    arrivals: Arrivals | None = None
    since: SinceThen | None = None


NO_COUNTS = DocumentCounts()


def count_for_documents(
    records: Records, campaign: Campaign, today: date, unit: Unit | None, since: date | None = None
) -> DocumentCounts:
    """Count what documents say besides annex 2.

    Args:
        records: a live database, or what a unit signed.
        campaign: whose records are counted.
        today: by which entry is overdue.
        unit: whose records; None for the county's.
        since: the day of the document before, for what changed since.
    """
    own = f"campaign_id = {literals([campaign.id])}" + (
        f" AND unit_code = {literals([unit.code])}" if unit else ""
    )
    visited, with_problems = _visits(records, own)
    return DocumentCounts(
        forms=_forms(records, campaign, own),
        typical=_typical(records, campaign, own),
        visited=visited,
        with_problems=with_problems,
        entry=_entry(records, campaign, own, today),
        arrivals=None if unit else _arrivals(records, campaign),
        since=_since(records, campaign, since) if since and not unit else None,
    )


def _has(records: Records, table: str, *columns: str) -> bool:
    return records.columns.get(table, frozenset()) >= set(columns)


def _forms(records: Records, campaign: Campaign, own: str) -> list[tuple[str, int, int]]:
    if not _has(records, "issue", "form_id"):
        return []
    found, rectified = Counter[str](), Counter[str]()
    query = f"SELECT form_id, state, COUNT(*) FROM issue WHERE {own} GROUP BY form_id, state"  # noqa: S608
    for form_id, state, count in records.run(query):
        found[str(form_id)] += int(count) if state in FOUND else 0
        rectified[str(form_id)] += int(count) if state in COUNT_AS_RECTIFIED else 0
    forms = (form for form in campaign.record_forms if form.kind == "issue")
    return [(form.name, found[form.id], rectified[form.id]) for form in forms]


def _typical(records: Records, campaign: Campaign, own: str) -> list[tuple[str, int]]:
    if not _has(records, "issue", "item_id"):
        return []
    counted = f"item_id IS NOT NULL AND state IN ({literals(sorted(FOUND))})"
    query = f"SELECT item_id, COUNT(*) FROM issue WHERE {own} AND {counted} GROUP BY item_id"  # noqa: S608
    known = [
        (campaign.item_by_id[str(item_id)][1].text, int(count))
        for item_id, count in records.run(query)
        if str(item_id) in campaign.item_by_id
    ]
    return sorted(known, key=lambda pair: (-pair[1], pair[0]))[:_MOST_TYPICAL]


def _visits(records: Records, own: str) -> tuple[int, int]:
    """Count households, not sheets: a household of the roster by its row, another one by its sheet."""
    if not has(records, "visit"):
        return 0, 0
    query = f"""
        SELECT COUNT(DISTINCT COALESCE(household_id, id)),
               COUNT(DISTINCT CASE WHEN problems > 0 THEN COALESCE(household_id, id) END)
        FROM visit WHERE {own} AND state = 'finished' AND householder IS NOT NULL
    """  # noqa: S608
    [(visited, with_problems)] = records.run(query)
    return int(visited or 0), int(with_problems or 0)


def _entry(records: Records, campaign: Campaign, own: str, today: date) -> EntryCounts | None:
    form = next((form for form in campaign.record_forms if form.kind == "household"), None)
    rule = due_rule(form) if form else None
    if rule is None or rule.until is None or not _has(records, "proposed_household", rule.since, rule.until):
        return None
    query = f"""
        SELECT {rule.since}, {rule.until} FROM proposed_household
        WHERE {own} AND state = '{first_state("household")}' AND {rule.since} IS NOT NULL
    """  # noqa: S608
    counted = Counter[str]()
    for since, until in records.run(query):
        due = rule.due_from(date.fromisoformat(str(since)[:10]))
        if not until:
            counted["waiting"] += 1
            counted["overdue"] += due < today
        else:
            counted["late" if date.fromisoformat(str(until)[:10]) > due else "in_time"] += 1
    return EntryCounts(rule.days, *(counted[name] for name in ("in_time", "late", "waiting", "overdue")))


def _arrivals(records: Records, campaign: Campaign) -> Arrivals | None:
    signed = all_signed(records, campaign)
    if signed is None:
        return None
    come = {unit.name: arrival(unit.code, signed).timeliness for unit in campaign.filing_units}
    return Arrivals(
        *([name for name, when in come.items() if when == each] for each in (ON_TIME, LATE, NONE))
    )


def _since(records: Records, campaign: Campaign, day: date) -> SinceThen | None:
    if not has_days(records):
        return None
    until = [each for each in days_of(records, campaign) if each.day <= day]
    return (
        SinceThen(day, until[-1].found_so_far, until[-1].rectified_so_far) if until else SinceThen(day, 0, 0)
    )
