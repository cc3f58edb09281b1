"""What figures are compared with: a day, a span of days, or an earlier ``summary.csv``, also another campaign's."""

from datetime import date
from pathlib import Path

from build_scripts.counting.comparison import Measured, measured_by_day, measured_in_rows
from build_scripts.counting.count_query import BadSource, Records
from build_scripts.counting.county_summary import Summary
from build_scripts.counting.daily_counts import has_days
from build_scripts.counting.final_or_interim import read_state
from build_scripts.counting.summary_lines import NotASummary, read_csv
from checklist.date_formats import full_day
from checklist.messages import say
from checklist.model import Campaign
from checklist.register_periods import is_period, period_span, period_words


def measured(records: Records, campaign: Campaign, typed: str) -> Measured:
    """Figures of what is typed: a day (2022-08-20), a round (2026-03), a summary's folder or its ``summary.csv``.

    Raises:
        BadSource: it is none of these, or the records have no days.
    """
    if _day(typed) or is_round(campaign, typed):
        return measured_then(records, campaign, typed)
    return measured_in_file(Path(typed))


def measured_then(records: Records, campaign: Campaign, typed: str) -> Measured:
    """Figures of a day or a round, from the records; never of a file.

    Raises:
        BadSource: it is neither, or the records have no days.
    """
    if day := _day(typed):
        _require_days(records)
        return measured_by_day(records, campaign, f"{full_day(day)}为止（按登记和整改日期）", None, day)
    if is_round(campaign, typed):
        return measured_round(records, campaign, typed)
    raise BadSource(say("compared-with-none", typed=typed, detail="不是日期，也不是轮次"))


def is_round(campaign: Campaign, typed: str) -> bool:
    """Whether a text is one of the campaign's rounds."""
    return bool(typed) and is_period(campaign.notice.visit_rounds, typed)


def measured_round(records: Records, campaign: Campaign, round_id: str) -> Measured:
    """Figures of one round: what was filed and rectified in it.

    Raises:
        BadSource: the records have no days.
    """
    _require_days(records)
    first, last = period_span(round_id)
    return measured_by_day(records, campaign, f"{period_words(round_id)}这一轮", first, last)


def measured_in_file(path: Path) -> Measured:
    """Figures of an earlier summary, of this campaign or of another one.

    Raises:
        BadSource: there is none, or it is damaged.
    """
    try:
        folder = path if path.is_dir() else path.parent
        state = read_state(folder)
        file = folder / (state.csv if state else "summary.csv") if path.is_dir() else path
        rows = read_csv(file)
    except (NotASummary, OSError) as error:
        raise BadSource(say("compared-with-none", typed=path, detail=str(error))) from error
    of_file = state if state and state.csv == file.name else None
    return measured_in_rows(
        of_file.words.rstrip("。") if of_file else f"{file.name} 里的（没有写截至什么时候）", rows
    )


def measured_now(summary: Summary, words: str) -> Measured:
    """The figures of a summary, with the statement of their moment."""
    return measured_in_rows(words.rstrip("。"), summary.rows)


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _require_days(records: Records) -> None:
    if not has_days(records):
        raise BadSource(say("compared-without-days"))
