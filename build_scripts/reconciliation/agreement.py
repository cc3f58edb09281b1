"""Consistency checks (账账相符) between records, tallies, zero reports and signed returns."""

from collections.abc import Iterable, Iterator, Mapping

from build_scripts.counting.count_query import Records, has, literals
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.differences import Difference
from build_scripts.counting.summary_lines import FIGURES
from build_scripts.reconciliation.figures_of_record import columns_of, difference, labels_of
from build_scripts.reconciliation.open_doubles import undecided
from build_scripts.reconciliation.signed_check import return_against_ledgers
from build_scripts.reconciliation.signed_returns import Signed, all_signed, in_force
from build_scripts.reconciliation.unlinked_records import unlinked
from checklist.model import Campaign


def disagreements(
    records: Records, summary: Summary, campaign: Campaign, returns: Iterable[Signed] | None = None
) -> tuple[Difference, ...]:
    """Yield all differences that keep a live database's summary from being final.

    Args:
        records: an open source.
        summary: compiled from them.
        campaign: of the records.
        returns: those in force, if the caller has read them already.
    """
    if returns is None:
        returns = in_force(all_signed(records, campaign) or ())
    return (
        *_tallies(records, summary, campaign),
        *undecided(records, campaign),
        *unlinked(records, campaign),
        *(
            difference
            for signed in returns
            for difference in return_against_ledgers(records, signed, summary, campaign)
        ),
    )


def _tallies(records: Records, summary: Summary, campaign: Campaign) -> Iterator[Difference]:
    """Compare the trigger-maintained tallies with a count of the records."""
    tallied = _tallied(records, campaign)
    if not tallied:  # a copy without triggers has no tallies
        return
    labels = labels_of(campaign)
    for row in summary.rows:
        counted = tallied.get((row.unit_code, row.problem_type_id), {})
        for column in FIGURES[:4]:
            if counted.get(column, 0) != row.figure(column):
                words = {"tally": counted.get(column, 0), "counted": row.figure(column)}
                yield difference("summary-tally", row, column, words, labels)


def _tallied(records: Records, campaign: Campaign) -> Mapping[tuple[str, str], dict[str, int]]:
    if not has(records, "tally"):
        return {}
    query = (
        "SELECT unit_code, problem_type_id, state, SUM(records) FROM tally"  # noqa: S608 - an id of ours
        f" WHERE campaign_id = {literals([campaign.id])} GROUP BY unit_code, problem_type_id, state"
    )
    tallied: dict[tuple[str, str], dict[str, int]] = {}
    for unit, problem_type, state, number in records.run(query):
        cell = tallied.setdefault((str(unit), str(problem_type)), dict.fromkeys(FIGURES, 0))
        for column in columns_of(str(state)):
            cell[column] += int(number)
    return tallied
