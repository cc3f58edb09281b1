"""Compilation of the summary: from a record source to annex 2, breakdowns and reconciliation results."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from build_scripts.counting.breakdown import Breakdown, UnitChange, break_down, changes
from build_scripts.counting.comparison import Comparison, compared
from build_scripts.counting.count_query import QUERY, BadSource, Line, Records
from build_scripts.counting.county_details import CountyDetails, details_of
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import MOST, DayCount, days_of, has_days
from build_scripts.counting.differences import Difference, NotFinal, Unreconciled
from build_scripts.counting.final_or_interim import PublishedState
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.query_lines import own_lines, within_county
from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.regions import CountyScope, scope_of
from build_scripts.counting.source_check import require_own
from build_scripts.reconciliation.agreement import disagreements
from build_scripts.reconciliation.awaited_returns import Awaited, AwaitedReturn, awaited_returns, in_groups
from build_scripts.reconciliation.count_checks import require_none, wrong_counts, wrong_tables
from build_scripts.reconciliation.frozen_records import frozen_records
from build_scripts.reconciliation.handed_in_check import handed_in
from build_scripts.reconciliation.open_doubles import unasked
from build_scripts.reconciliation.records_behind import doubts, without_people, wrong_records
from build_scripts.reconciliation.signed_returns import Signed, all_signed, documents_of, in_force
from build_scripts.settings import moment_now
from build_scripts.summary.compared_sources import is_round, measured, measured_now, measured_round
from build_scripts.summary.return_export import moment_of
from checklist.messages import say
from checklist.model import Campaign
from checklist.register_periods import period_of

FAILURES = (BadSource, Unreconciled)
"""Expected failures; each message says what to do."""


@dataclass(frozen=True)
class SummaryOptions:
    """Options of a compilation, besides annex 2 itself."""

    by: Sequence[str] = ()
    """Keys of ``parts.PARTS``."""
    since: date | None = None
    interim: bool = False
    """Whether to publish figures that are not final, with the list of awaited returns."""
    as_signed: bool = False
    """Whether to compile the signed returns instead of the current records."""
    now: datetime = field(default_factory=moment_now)
    """The as-of time of the figures."""
    compare: Sequence[str] = ()
    """What to compare with: days, rounds, earlier summaries; as typed."""


@dataclass(frozen=True)
class Compilation:
    """Everything computed from one consistent read of the records."""

    summary: Summary
    state: PublishedState
    """Final or interim, and the as-of time."""
    unsettled: tuple[Difference, ...] = ()
    """Differences between ledgers and signed returns; only in interim summaries."""
    doubts: tuple[Difference, ...] = ()
    """Findings for manual review, which do not block publication."""
    breakdowns: tuple[Breakdown, ...] = ()
    since: date | None = None
    changes: tuple[UnitChange, ...] = ()
    days: tuple[DayCount, ...] = ()
    """Daily counts; empty if not requested for a large database, or if the source has no days."""
    details: CountyDetails | None = None
    """Figures for the office's workbook; None as for ``days``."""
    comparisons: tuple[Comparison, ...] = ()
    """With each of what was asked for."""
    returns: Sequence[Signed] | None = None
    """All signed returns; None if the source holds no returns."""
    awaited: tuple[AwaitedReturn, ...] = ()
    """Units whose return is not received or no longer current."""


def _silent(_: str) -> None:
    """Report no progress."""


def compile_all(
    campaign: Campaign, source: Source, options: SummaryOptions, tell: Callable[[str], None] = _silent
) -> Compilation:
    """Compile the summary of a source.

    Args:
        campaign: defines units and problem types.
        source: URL or glob of the records.
        options: of the compilation.
        tell: progress callback, called before each step.

    Raises:
        BadSource: unreadable, or without records of this campaign.
        Unreconciled: the figures do not reconcile.
        NotFinal: returns are awaited or differ from the records, and interim figures were not requested.
    """
    tell("正在打开数据来源")
    with opened(source) as records:
        tell("正在计数")
        counted = summary_of(records, campaign)
        tell("正在核对")
        base = _judged(records, campaign, options, *counted)
        if not options.as_signed:
            return _shape(records, campaign, options, base, tell)
        tell("正在读签字的内容")
        documents = documents_of(records, in_force(base.returns or ()))
    with frozen_records(documents) as signed:
        base = replace(base, summary=summary_of(signed, campaign)[0])
        return _shape(signed, campaign, options, base, tell)


def _judged(
    records: Records,
    campaign: Campaign,
    options: SummaryOptions,
    summary: Summary,
    zeros: set[tuple[str, str]],
) -> Compilation:
    """Reconcile the figures and decide whether they are final.

    Raises:
        Unreconciled, NotFinal: as for ``compile_all``.
    """
    require_none(without_people(records, summary, campaign))
    unsettled = disagreements(records, summary, campaign)
    returns = all_signed(records, campaign)
    if options.as_signed and returns is None:
        raise BadSource(say("summary-none-signed"))
    awaited = awaited_returns(records, campaign, summary, returns, unsettled)
    pairs = tuple(unasked(records, campaign))
    doubtful = (
        *doubts(records, summary, zeros, campaign, pairs),
        *pairs,
        *handed_in(records, summary, campaign),
    )
    # Outdated returns are already among the awaited ones.
    against = tuple(each for each in unsettled if not (options.as_signed and each.kind == "return"))
    expected = len(summary.units)
    state = PublishedState(
        moment_of(records, options.now),
        expected - len(awaited),
        expected,
        options.as_signed,
        sum(each.why is Awaited.CHANGED for each in awaited),
        settled=not against,
    )
    if not state.final and not options.interim:
        raise NotFinal(against, in_groups(awaited), state.share)
    return Compilation(summary, state, unsettled, doubtful, returns=returns, awaited=awaited)


def _shape(
    records: Records,
    campaign: Campaign,
    options: SummaryOptions,
    base: Compilation,
    tell: Callable[[str], None],
) -> Compilation:
    """Add the requested breakdowns and daily counts."""
    breakdowns = []
    for by in options.by:
        tell(f"正在按 {by} 分")
        breakdowns.append(break_down(records, campaign, by, base.summary))
    return replace(
        base,
        days=_days(records, campaign, options, base.summary),
        details=_details(records, campaign, base),
        breakdowns=tuple(breakdowns),
        comparisons=tuple(_compare(records, campaign, options, base)),
        since=options.since,
        changes=changes(records, campaign, options.since, base.summary) if options.since else (),
    )


def _compare(
    records: Records, campaign: Campaign, options: SummaryOptions, base: Compilation
) -> Iterator[Comparison]:
    """The present figures beside earlier ones; rounds stand beside the round in which the present moment lies.

    Raises:
        BadSource: what to compare with is not there.
    """
    label = campaign.summary_table.total_label
    for typed in options.compare:
        old = measured(records, campaign, typed)
        new = measured_now(base.summary, base.state.words)
        if is_round(campaign, typed):
            present = period_of(campaign.notice.visit_rounds, base.state.as_of.date())
            new = measured_round(records, campaign, present)
        yield compared(old, new, campaign, label)


def _days(
    records: Records, campaign: Campaign, options: SummaryOptions, summary: Summary
) -> tuple[DayCount, ...]:
    """Daily counts of a single county; for large databases only on request, since they are slow."""
    wanted = "day" in options.by or summary.county.total.found <= MOST
    return days_of(records, campaign) if wanted and not summary.regions and has_days(records) else ()


def _details(records: Records, campaign: Campaign, base: Compilation) -> CountyDetails | None:
    """Details of a single county; for large databases as little as days are."""
    small = base.summary.county.total.found <= MOST and not base.summary.regions
    return details_of(records, campaign, base.state.as_of.date()) if small and not records.files else None


def summary_of(records: Records, campaign: Campaign) -> tuple[Summary, set[tuple[str, str]]]:
    """Compute annex 2 of an open source, and the units' zero-reported problem types.

    Raises:
        BadSource: it has no records of this campaign.
        Unreconciled: with the records behind each difference.
    """
    scope = scope_of(records, campaign)
    answer = records.run(QUERY)
    require_own(records, answer, campaign)
    lines = own_lines(answer, campaign)
    if not scope.regions:
        lines = within_county(lines, campaign)
    try:
        require_none(wrong_counts(lines, campaign, scope))
    except Unreconciled as error:
        raise error.with_records(wrong_records(records, campaign, scope)) from None
    summary = _shaped(lines, campaign, scope)
    require_none(wrong_tables(summary, lines, campaign))
    return summary, {(str(line[1]), str(line[2])) for line in lines if line[-1]}


def _shaped(lines: Sequence[Line], campaign: Campaign, scope: CountyScope) -> Summary:
    """Avoid pandas for a single county: importing it takes longer than all the rest."""
    if not scope.regions:
        return summary_of_lines(lines, campaign)
    from build_scripts.counting.pandas_summary import frame_of, summarise

    return summarise(frame_of(lines, campaign), campaign, scope)
