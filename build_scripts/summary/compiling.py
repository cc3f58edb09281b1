"""Compiles the summary, from a source of records to the tables."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from build_scripts.summary.behind import check_records, doubts, wrong_records
from build_scripts.summary.breakdown import Breakdown, Change, break_down, changes
from build_scripts.summary.counties import scope_of
from build_scripts.summary.query import QUERY, BadSource, Records
from build_scripts.summary.reconcile import Difference, Unreconciled, check_counts, check_summary
from build_scripts.summary.source import Source, opened
from build_scripts.summary.table import Summary, frame_of, summarise, within_county
from checklist.model import Campaign

FAILURES = (BadSource, Unreconciled)
"""What can go wrong from outside; each says in a sentence what to do."""


@dataclass(frozen=True)
class Wish:
    """What is wanted besides annex 2."""

    by: Sequence[str] = ()
    """Keys of ``parts.PARTS``."""
    since: date | None = None


@dataclass(frozen=True)
class Compilation:
    """Annex 2 and everything else that one look at the records gave."""

    summary: Summary
    doubts: tuple[Difference, ...] = ()
    """What a person must look at, though the figures agree."""
    breakdowns: tuple[Breakdown, ...] = ()
    since: date | None = None
    changes: tuple[Change, ...] = ()


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
    """
    tell("正在打开数据来源")
    with opened(source) as records:
        tell("正在计数")
        summary, zeros = summary_of(records, campaign)
        tell("正在核对")
        check_records(records, summary, campaign)
        doubtful = doubts(records, summary, zeros, campaign)
        breakdowns = []
        for by in wish.by:
            tell(f"正在按 {by} 分")
            breakdowns.append(break_down(records, campaign, by, summary))
        changed = changes(records, campaign, wish.since, summary) if wish.since else ()
    return Compilation(summary, doubtful, tuple(breakdowns), wish.since, changed)


def compile_summary(campaign: Campaign, source: Source) -> Summary:
    """Annex 2 alone.

    Raises:
        BadSource: the source can't be read, or holds only records of other campaigns.
        Unreconciled: figures that do not agree.
    """
    return compile_all(campaign, source, Wish()).summary


def summary_of(records: Records, campaign: Campaign) -> tuple[Summary, set[tuple[str, str]]]:
    """Annex 2 of an opened source, and under which units and problem types 经排查无问题 is ticked.

    Raises:
        BadSource: it holds only records of other campaigns.
        Unreconciled: figures that do not agree, with the records behind them.
    """
    scope = scope_of(records, campaign)
    counts = frame_of(records.run(QUERY), campaign)
    if not scope.regions:
        counts = within_county(counts, campaign)
    try:
        check_counts(counts, campaign, scope)
    except Unreconciled as error:
        raise error.with_records(wrong_records(records, campaign, scope)) from None
    summary = summarise(counts, campaign, scope)
    check_summary(summary, counts, campaign)
    ticked = counts[counts["zero_reported"] > 0]
    return summary, set(zip(ticked["unit_code"].tolist(), ticked["problem_type_id"].tolist(), strict=True))
