"""The office's call list: units that owe a return, and what is missing, as plain text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from checklist.chinese_numerals import write_numeral
from checklist.date_formats import short_moment
from checklist.model import Campaign
from forms_server.returns import report_text, return_figures
from forms_server.returns.return_standing import ReturnStage, ReturnStanding, Timeliness

_GROUPS: Mapping[ReturnStage, str] = {
    ReturnStage.NOT_STARTED: "还没有开始的",
    ReturnStage.FILLING: "填报中、还没有签字报送的",
    ReturnStage.SENT_BACK: "退回以后还没有重报的",
    ReturnStage.STALE: "签字以后内容又有改动、要重新签字的",
}


@dataclass(frozen=True)
class Call:
    """A unit to call, with what is missing."""

    standing: ReturnStanding
    unreported: int
    """Number of unreported problem types."""
    unwritten: int
    """Number of empty parts of the report."""
    report: str = ""
    """The campaign's name for the report."""


def waiting(connection: Connection, campaign: Campaign, standings: Sequence[ReturnStanding]) -> list[Call]:
    """Return the units that have to act, with what is missing."""
    return [_call(connection, campaign, each) for each in standings if each.stage in _GROUPS]


def _call(connection: Connection, campaign: Campaign, standing: ReturnStanding) -> Call:
    rows = return_figures.unit_rows(connection, campaign, standing.unit)
    written = report_text.parts(connection, campaign, standing.unit.code)
    return Call(
        standing,
        sum(row.reported == "no" for row in rows),
        sum(not part.text.strip() for part in written.values()),
        campaign.report_form.name if campaign.report_form else "",
    )


def text_of(campaign: Campaign, calls: Sequence[Call], now: datetime) -> str:
    """Format the list: one line a unit, most urgent first."""
    deadline = campaign.notice.deadline
    lines = [
        f"{campaign.notice.name}报送催办名单",
        f"截至{short_moment(now)}，报送截止：{deadline.text}（{short_moment(deadline.at)}）。",
        f"还要催办 {len(calls)} 个单位。" if calls else "各单位都已报送，没有要催办的。",
    ]
    groups = [(stage, [call for call in calls if call.standing.stage is stage]) for stage in _GROUPS]
    for place, (stage, members) in enumerate((group for group in groups if group[1]), 1):
        lines += ["", f"{write_numeral(place)}、{_GROUPS[stage]}（{len(members)} 个）"]
        lines += [f"{number}. {_line(call)}" for number, call in enumerate(members, 1)]
    return "\n".join(lines)


def _line(call: Call) -> str:
    words = [*facts_of(call)]
    return call.standing.unit.name + ("：" + "，".join(words) if words else "")


def facts_of(call: Call) -> Iterator[str]:
    """What a unit lacks, in words."""
    if call.standing.timeliness is Timeliness.MISSING:
        yield "已过截止时间"
    if call.standing.changed_by_others:
        yield "有别的单位退回或者改动了记录"
    if call.standing.last and call.standing.last.reason:
        yield f"退回理由是{' '.join(call.standing.last.reason.split())}"
    if call.standing.stage is not ReturnStage.NOT_STARTED:
        if call.unreported:
            yield f"还有 {call.unreported} 类问题没有报"
        if call.unwritten:
            yield f"{call.report}还有 {call.unwritten} 部分没有写"
        if not call.unreported and not call.unwritten and not call.standing.last:
            yield "内容已齐，请主要负责人签字"
