"""Compiles the summary, from a source of records to the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from build_scripts.counting.breakdown import Breakdown, UnitChange, break_down, changes
from build_scripts.counting.count_query import QUERY, BadSource, Line, Records
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import MOST, DayCount, days_of, has_days
from build_scripts.counting.differences import Difference, NotFinal, Unreconciled
from build_scripts.counting.plain_summary import summary_of_lines
from build_scripts.counting.published_state import PublishedState
from build_scripts.counting.query_lines import own_lines, within_county
from build_scripts.counting.record_source import Source, opened
from build_scripts.counting.regions import CountyScope, scope_of
from build_scripts.counting.source_check import require_own
from build_scripts.reconciliation.agreement import disagreements
from build_scripts.reconciliation.awaited_returns import Awaited, AwaitedReturn, awaited_returns, in_groups
from build_scripts.reconciliation.count_checks import require_none, wrong_counts, wrong_tables
from build_scripts.reconciliation.frozen_records import frozen_records
from build_scripts.reconciliation.handed_in_check import handed_in
from build_scripts.reconciliation.records_behind import doubts, without_people, wrong_records
from build_scripts.reconciliation.signed_returns import Signed, all_signed, documents_of, in_force
from build_scripts.settings import moment_now
from build_scripts.summary.return_export import moment_of
from checklist.messages import say
from checklist.model import Campaign

FAILURES = (BadSource, Unreconciled)
"""What can go wrong from outside; each says in a sentence what to do."""


@dataclass(frozen=True)
class Wish:
    """What is wanted besides annex 2."""

    by: Sequence[str] = ()
    """Keys of ``parts.PARTS``."""
    since: date | None = None
    interim: bool = False
    """Whether figures are wanted that are not final, with the list of what they wait for."""
    as_signed: bool = False
    """Whether the signed returns are compiled, and not the records as they are now."""
    now: datetime = field(default_factory=moment_now)
    """The moment at which the records are read."""


@dataclass(frozen=True)
class Compilation:
    """Annex 2 and everything else that one look at the records gave."""

    summary: Summary
    state: PublishedState
    """Whether it is final, and of what moment."""
    unsettled: tuple[Difference, ...] = ()
    """What the ledgers and the signed returns say otherwise: only in an interim summary."""
    doubts: tuple[Difference, ...] = ()
    """What a person must look at, though the figures agree."""
    breakdowns: tuple[Breakdown, ...] = ()
    since: date | None = None
    changes: tuple[UnitChange, ...] = ()
    days: tuple[DayCount, ...] = ()
    """None where they were not asked for and there are too many records, or where the source has no days."""
    returns: Sequence[Signed] | None = None
    """Every return that was signed; None where the source keeps none."""
    awaited: tuple[AwaitedReturn, ...] = ()
    """Whose return is not received, or no longer current."""


def _silent(_: str) -> None:
    """Tell nobody."""


def compile_all(
    campaign: Campaign, source: Source, wish: Wish, tell: Callable[[str], None] = _silent
) -> Compilation:
    """Count a source, reconcile it and shape it.

    Args:
        campaign: whose units and problem types are counted.
        source: where the records are.
        wish: what is wanted besides annex 2.
        tell: is called with what is being done, before it is done.

    Raises:
        BadSource: the source can't be read, or holds only records of other campaigns.
        Unreconciled: figures that do not agree.
        NotFinal: returns are awaited, or say something else than the records.
    """
    tell("正在打开数据来源")
    with opened(source) as records:
        tell("正在计数")
        counted = summary_of(records, campaign)
        tell("正在核对")
        base = _judged(records, campaign, wish, *counted)
        if not wish.as_signed:
            return _shape(records, campaign, wish, base, tell)
        tell("正在读签字的内容")
        documents = documents_of(records, in_force(base.returns or ()))
    with frozen_records(documents) as signed:
        base = replace(base, summary=summary_of(signed, campaign)[0])
        return _shape(signed, campaign, wish, base, tell)


def _judged(
    records: Records, campaign: Campaign, wish: Wish, summary: Summary, zeros: set[tuple[str, str]]
) -> Compilation:
    """The figures with whether they agree and are final.

    Raises:
        Unreconciled, NotFinal: they do not, or are not and nobody asked for interim ones.
    """
    require_none(without_people(records, summary, campaign))
    unsettled = disagreements(records, summary, campaign)
    returns = all_signed(records, campaign)
    if wish.as_signed and returns is None:
        raise BadSource(say("summary-none-signed"))
    awaited = awaited_returns(records, campaign, summary, returns, unsettled)
    doubtful = (*doubts(records, summary, zeros, campaign), *handed_in(records, summary, campaign))
    # A return that is no longer current is already among the awaited ones.
    against = tuple(each for each in unsettled if not (wish.as_signed and each.kind == "return"))
    expected = len(summary.units)
    state = PublishedState(
        moment_of(records, wish.now),
        expected - len(awaited),
        expected,
        wish.as_signed,
        sum(each.why is Awaited.CHANGED for each in awaited),
        settled=not against,
    )
    if not state.final and not wish.interim:
        raise NotFinal(against, in_groups(awaited), state.share)
    return Compilation(summary, state, unsettled, doubtful, returns=returns, awaited=awaited)


def _shape(
    records: Records, campaign: Campaign, wish: Wish, base: Compilation, tell: Callable[[str], None]
) -> Compilation:
    """The same with whatever else is wanted."""
    breakdowns = []
    for by in wish.by:
        tell(f"正在按 {by} 分")
        breakdowns.append(break_down(records, campaign, by, base.summary))
    return replace(
        base,
        days=_days(records, campaign, wish, base.summary),
        breakdowns=tuple(breakdowns),
        since=wish.since,
        changes=changes(records, campaign, wish.since, base.summary) if wish.since else (),
    )


def _days(records: Records, campaign: Campaign, wish: Wish, summary: Summary) -> tuple[DayCount, ...]:
    """The days of one county; nobody waits for a large database's who has not asked for them."""
    wanted = "day" in wish.by or summary.county.total.found <= MOST
    return days_of(records, campaign) if wanted and not summary.regions and has_days(records) else ()


def summary_of(records: Records, campaign: Campaign) -> tuple[Summary, set[tuple[str, str]]]:
    """Annex 2 of an opened source, and under which units and problem types 经排查无问题 is ticked.

    Raises:
        BadSource: it holds only records of other campaigns.
        Unreconciled: figures that do not agree, with the records behind them.
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
    """One county's few hundred lines are shaped without pandas, whose import takes longer than all the rest."""
    if not scope.regions:
        return summary_of_lines(lines, campaign)
    from build_scripts.counting.pandas_summary import frame_of, summarise

    return summarise(frame_of(lines, campaign), campaign, scope)
