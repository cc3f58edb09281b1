"""Completeness of reporting, and the call list."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from build_scripts.counting.county_summary import Summary
from build_scripts.csv_text import csv_of
from build_scripts.reconciliation.signed_returns import SENT_BACK, Signed
from checklist.model import Campaign

ON_TIME, LATE, NONE = "on_time", "late", "none"


@dataclass(frozen=True)
class ReportingState:
    """One unit's progress in reporting."""

    unit_code: str
    unit: str
    expected: int
    """Number of problem types with filed records or 经排查无问题."""
    reported: int
    missing: tuple[str, ...]
    """Names of the unreported problem types."""


def standings(summary: Summary) -> tuple[ReportingState, ...]:
    """Return every unit's state, in the summary's order."""
    return tuple(
        ReportingState(
            table.unit_code,
            table.unit,
            len(table.lines),
            sum(line.reported != "no" for line in table.lines),
            tuple(line.problem_type for line in table.lines if line.reported == "no"),
        )
        for table in summary.units
    )


@dataclass(frozen=True)
class Arrival:
    """State of a unit's return; punctuality is that of the first one, not of later corrections."""

    timeliness: str = ""
    """on_time, late or none; empty where the source keeps no returns."""
    first: str = ""
    """The day of the first signature."""
    standing: str = ""
    """Of the last return: signed, received or sent_back."""


def arrival(unit_code: str, returns: Sequence[Signed] | None) -> Arrival:
    """Return the state of a unit's return.

    Args:
        unit_code: the unit's.
        returns: of all units, each unit's in signing order; None if the source has none.
    """
    if returns is None:
        return Arrival()
    own = [each for each in returns if each.unit_code == unit_code]
    if not own:
        return Arrival(NONE)
    return Arrival(LATE if own[0].late else ON_TIME, own[0].day, own[-1].state)


def completeness_csv(summary: Summary, returns: Sequence[Signed] | None = None) -> str:
    """Return a row for each unit: reported problem types, and whether its return was signed in time."""
    rows = []
    for each in standings(summary):
        come = arrival(each.unit_code, returns)
        missing = (len(each.missing), "、".join(each.missing))
        signed = (come.timeliness, come.first, come.standing)
        rows.append((each.unit_code, each.unit, each.expected, each.reported, *missing, *signed))
    return csv_of(_HEADER, rows)


_HEADER = (
    "unit_code", "unit", "expected", "reported", "missing", "missing_problem_types",
    "return", "first_signed_on", "return_state",
)  # fmt: skip


def telephone_list(summary: Summary, campaign: Campaign, returns: Sequence[Signed] | None = None) -> str:
    """Return the office's call list: units without any report first, then by missing problem types.

    Units that have reported everything but not signed come last.
    """
    return "\n".join(_lines(summary, campaign, returns)) + "\n"


def _lines(summary: Summary, campaign: Campaign, returns: Sequence[Signed] | None) -> Iterator[str]:
    every = standings(summary)
    lacking = sorted((each for each in every if each.missing), key=lambda each: -len(each.missing))
    yield f"{campaign.notice.name}催报名单"
    yield f"报送时限：{campaign.notice.deadline.text}"
    yield f"应报 {len(every)} 个单位，报全 {len(every) - len(lacking)} 个，没有报全 {len(lacking)} 个。"
    calls = [f"{each.unit}：{_what(each)}" for each in lacking]
    if returns is not None:
        come = {each.unit_code: arrival(each.unit_code, returns) for each in every}
        yield _of_returns(list(come.values()))
        calls += [
            f"{each.unit}：{words}"
            for each in every
            if not each.missing and (words := _owed(come[each.unit_code]))
        ]
    for number, call in enumerate(calls, 1):
        yield ""
        yield f"{number}. {call}"


def _of_returns(come: Sequence[Arrival]) -> str:
    counts = {name: sum(each.timeliness == name for each in come) for name in (ON_TIME, LATE, NONE)}
    return (
        f"已签字报送 {counts[ON_TIME] + counts[LATE]} 个（按时 {counts[ON_TIME]} 个，迟报 {counts[LATE]} 个），"
        f"没有报送 {counts[NONE]} 个。"
    )


def _owed(come: Arrival) -> str:
    """Return what a unit that has reported everything still has to do."""
    if come.timeliness == NONE:
        return "内容已报全，还没有签字报送"
    return "报送被退回，还没有重报" if come.standing == SENT_BACK else ""


def _what(standing: ReportingState) -> str:
    if not standing.reported:
        return f"{standing.expected} 类都没有报"
    return f"缺 {len(standing.missing)} 类：{'、'.join(standing.missing)}"
