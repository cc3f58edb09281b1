"""What urging letters (督办单) press for: findings that are late, each once until it missed another deadline.

That is a deadline of its own (a claim's after the office's decision, an extension's), or the letter's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, select

from checklist.model import Campaign
from checklist.overdue import is_overdue
from checklist.states import State
from checklist.values.village_names import village_names
from forms_server.db.tables import inspection_finding, issue, letter, letter_unit
from forms_server.desk import Desk
from forms_server.finding_states import FindingState
from forms_server.inspection.findings import awaits_answer, findings

URGING = "urging-letter"
"""The kind of urging letters."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Late:
    """A finding that is late."""

    id: str
    standing: str
    """In a word: not claimed in time, or not rectified by then."""
    due: date
    """The deadline that was missed."""


@dataclass(frozen=True)
class ToUrge:
    """What a unit can be pressed for now."""

    late: Sequence[Late]
    again: Sequence[str] = ()
    """Marks of the letters that pressed for some of it before, and whose deadline was missed, too."""
    pressed: RowMapping | None = None
    """The last letter that presses for the rest, and whose deadline has not come."""


def late_findings(desk: Desk) -> dict[str, list[Late]]:
    """Findings that are late, by unit."""
    today, found = desk.now.date(), findings(desk)
    query = select(issue.c.id, issue.c.state, issue.c.deadline).where(
        issue.c.id.in_([row["issue_id"] for row in found])
    )
    issues = {row.id: row for row in desk.connection.execute(query)}
    late: dict[str, list[Late]] = {}
    for row in found:
        if each := _late(row, issues.get(row["issue_id"]), today):
            late.setdefault(row["answers_code"], []).append(each)
    return late


def _late(row: RowMapping, its_issue: Any, today: date) -> Late | None:
    if awaits_answer(row):
        return Late(row["id"], "未认领", row["claim_due"]) if row["claim_due"] < today else None
    if row["state"] != FindingState.CLAIMED or its_issue is None:
        return None
    overdue = is_overdue(State(its_issue.state), its_issue.deadline, today)
    return Late(row["id"], "未改完", its_issue.deadline) if overdue else None


def to_urge(desk: Desk) -> dict[str, ToUrge]:
    """What can be pressed for, by unit; a unit that was pressed for all of it has none that is late."""
    return {code: _to_urge(desk, code, late) for code, late in late_findings(desk).items()}


def _to_urge(desk: Desk, unit_code: str, late: Sequence[Late]) -> ToUrge:
    query = (
        select(letter.c.mark, letter.c.as_of, letter.c.answer_due, letter.c.facts)
        .join(letter_unit, letter_unit.c.letter_id == letter.c.id)
        .where(letter.c.campaign_id == desk.campaign.id, letter.c.kind == URGING)
        .where(letter_unit.c.unit_code == unit_code)
    )
    sent = desk.connection.execute(query.order_by(letter.c.number.desc())).mappings().all()
    today, new, again = desk.now.date(), list[Late](), dict[str, None]()
    pressed: RowMapping | None = None
    for each in late:
        last = next((row for row in sent if each.id in row["facts"]["督办"]), None)
        if last is None or each.due >= last["as_of"].date() or last["answer_due"] < today:
            new.append(each)
            again |= {last["mark"]: None} if last else {}
        else:
            pressed = pressed or last
    return ToUrge(new, list(again), pressed)


def urged_rows(desk: Desk, urged: Mapping[str, str]) -> list[Facts]:
    """The findings of an urging letter as its table shows them, each as it stood when the letter was written.

    Whoever may read the letter reads them, also those that another unit answers for since. What was erased since is
    shown as erased.
    """
    row = inspection_finding.c
    query = select(inspection_finding).where(row.id.in_(list(urged)), row.campaign_id == desk.campaign.id)
    found = desk.connection.execute(query.order_by(row.number)).mappings().all()
    of_findings = select(issue).where(issue.c.id.in_([each["issue_id"] for each in found]))
    issues = {each["id"]: each for each in desk.connection.execute(of_findings).mappings()}
    return [_urged(desk.campaign, each, issues[each["issue_id"]], urged[each["id"]]) for each in found]


def _urged(campaign: Campaign, row: RowMapping, its_issue: RowMapping, standing: str) -> Facts:
    return {
        "编号": f"第{row['number']}号",
        "村": village_names(campaign).get(row["village_code"] or "", ""),
        "问题": row["content"],
        "责任人": its_issue["responsible_person"] or "",
        "时限": its_issue["deadline_text"] or "",
        "情况": standing,
    }
