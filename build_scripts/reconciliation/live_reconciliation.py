"""Everything that is compared in a live database, at once: for the office's page, and without pandas."""

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
    """What agrees and what does not."""

    summary: Summary
    refused: tuple[Difference, ...]
    """For these nothing is published."""
    unsettled: tuple[Difference, ...]
    """For these only interim figures are."""
    doubts: tuple[Difference, ...]
    """What a person must look at all the same."""
    returned: frozenset[str]
    """Codes of the units that have a signed return in force."""
    handed_in: frozenset[str]
    """Codes of the units that handed in an annex 2 of their own."""
    awaited: tuple[AwaitedReturn, ...]
    """Units whose return the final table waits for."""

    @property
    def empty(self) -> bool:
        """Whether nothing is there that could agree: no record, no zero report, no return."""
        rows = self.summary.rows
        return not self.returned and not self.handed_in and all(row.reported == "no" for row in rows)

    @property
    def every(self) -> tuple[Difference, ...]:
        """All differences."""
        return (*self.refused, *self.unsettled, *self.doubts)


def counted(records: Records, campaign: Campaign) -> tuple[Summary, tuple[Difference, ...]]:
    """The summary of a live database, and what is wrong with its figures: nothing is published from those."""
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
    # Records of unknown units stand in no table, so totals differ for a reason that is told already.
    totals = () if wrong else tuple(wrong_tables(summary, lines, campaign))
    return summary, (*wrong, *totals, *without_people(records, summary, campaign))


def reconcile(records: Records, campaign: Campaign) -> Reconciliation:
    """Compare everything that a live database says of the campaign's units."""
    lines = _lines(records, campaign)
    summary, refused = _counted(lines, records, campaign)
    signed = all_signed(records, campaign)
    returns = in_force(signed or ())
    unsettled = disagreements(records, summary, campaign, returns)
    ticked = {(str(line[1]), str(line[2])) for line in lines if line[-1]}
    return Reconciliation(
        summary,
        refused,
        unsettled,
        (
            *doubts(records, summary, ticked, campaign),
            *unasked(records, campaign),
            *handed_in(records, summary, campaign),
        ),
        frozenset(each.unit_code for each in returns),
        handed_in_units(records, campaign),
        awaited_returns(records, campaign, summary, signed, unsettled),
    )
