"""All reconciliation checks of a live database in one call, without pandas, for the office's page."""

from dataclasses import dataclass

from build_scripts.counting.count_query import QUERY, Line, Records
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference, Unreconciled
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.regions import own_scope
from build_scripts.reconciliation.agreement import disagreements
from build_scripts.reconciliation.awaited_returns import AwaitedReturn, awaited_returns
from build_scripts.reconciliation.count_checks import wrong_counts, wrong_tables
from build_scripts.reconciliation.handed_in_check import handed_in, handed_in_units
from build_scripts.reconciliation.open_doubles import unasked
from build_scripts.reconciliation.records_behind import doubts, without_people, wrong_records
from build_scripts.reconciliation.signed_returns import all_signed, in_force
from checklist.model import Campaign


@dataclass(frozen=True)
class Reconciliation:
    """Result of all checks."""

    summary: Summary
    refused: tuple[Difference, ...]
    """Differences that block publication."""
    unsettled: tuple[Difference, ...]
    """Differences that allow interim figures only."""
    doubts: tuple[Difference, ...]
    """Findings for manual review."""
    returned: frozenset[str]
    """Codes of units with a signed return in force."""
    handed_in: frozenset[str]
    """Codes of units that handed in their own annex 2."""
    awaited: tuple[AwaitedReturn, ...]
    """Awaited returns."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing to compare: no record, zero report or return."""
        rows = self.summary.rows
        return not self.returned and not self.handed_in and all(row.reported == "no" for row in rows)

    @property
    def every(self) -> tuple[Difference, ...]:
        """All differences."""
        return (*self.refused, *self.unsettled, *self.doubts)


def counted(records: Records, campaign: Campaign) -> tuple[Summary, tuple[Difference, ...]]:
    """Count a live database; return the summary and its blocking differences."""
    return _counted(_lines(records, campaign), records, campaign)


def _lines(records: Records, campaign: Campaign) -> list[Line]:
    return [line for line in records.run(QUERY) if line[0] == campaign.id]


def _counted(
    lines: list[Line], records: Records, campaign: Campaign
) -> tuple[Summary, tuple[Difference, ...]]:
    scope = own_scope(campaign)
    wrong = tuple(wrong_counts(lines, campaign, scope))
    if wrong:
        wrong = Unreconciled(wrong).with_records(wrong_records(records, campaign, scope)).differences
    summary = summary_of_lines(lines, campaign)
    # Records of unknown units are in no table, so totals differ for a reason already reported.
    totals = () if wrong else tuple(wrong_tables(summary, lines, campaign))
    return summary, (*wrong, *totals, *without_people(records, summary, campaign))


def reconcile(records: Records, campaign: Campaign) -> Reconciliation:
    """Run all checks on a live database."""
    lines = _lines(records, campaign)
    summary, refused = _counted(lines, records, campaign)
    signed = all_signed(records, campaign)
    returns = in_force(signed or ())
    unsettled = disagreements(records, summary, campaign, returns)
    ticked = {(str(line[1]), str(line[2])) for line in lines if line[-1]}
    pairs = tuple(unasked(records, campaign))
    return Reconciliation(
        summary,
        refused,
        unsettled,
        (
            *doubts(records, summary, ticked, campaign, pairs),
            *pairs,
            *handed_in(records, summary, campaign),
        ),
        frozenset(each.unit_code for each in returns),
        handed_in_units(records, campaign),
        awaited_returns(records, campaign, summary, signed, unsettled),
    )
