"""Findings of supervision about issues, as far as moves and imports depend on them.

A finding is claimed (measures, person, deadline) before its issue is reported rectified; the issue is verified by
another person than the finder, and is not withdrawn (the unit objects instead): however the finding came about, and
however the move is made (notice, phase two). What the unit answers and the office decides: ``inspection.answers``.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, select, update

from forms_server import audit
from forms_server.actions import Action
from forms_server.db.tables import inspection_finding
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import NotNow
from forms_server.finding_states import STANDING, UNANSWERED, FindingState, Way
from forms_server.move import Move
from forms_server.records.answering_units import answering_code
from forms_server.records.record import Record

NOT_WITHDRAWN = "督导发现的问题不能撤销；有异议请在“督导反馈”里提出，由办公室核定。"
_AT_ONCE = 500


@dataclass(frozen=True)
class StandingFinding:
    """A finding that was not cancelled."""

    id: str
    number: int
    unit_code: str
    """Of the unit that answers."""
    state: FindingState
    found_by: str
    """Id of the account that found it."""
    way: Way

    @property
    def is_claimed(self) -> bool:
        """Whether the unit has said how, by whom and by when it rectifies."""
        return self.state is FindingState.CLAIMED

    def waits_for(self, unit: str, action: str) -> str:
        """The sentence that says who does what before ``action`` is possible."""
        if self.state in UNANSWERED:
            return (
                f"督导第 {self.number} 号反馈的就是这一条，还没有认领："
                f"先由{unit}在“督导反馈”里认领，写明措施、责任人和时限，再{action}。"
            )
        return f"督导第 {self.number} 号反馈的就是这一条，{unit}提了异议：等办公室核定以后，再{action}。"


class NotClaimed(NotNow):
    """The issue is a finding's that was not claimed; the message is for the user."""

    def __init__(self, current: Record, finding: StandingFinding, unit: str, action: str) -> None:
        super().__init__(current.state, action)
        self.args = (finding.waits_for(unit, action),)
        self.finding = finding


_STANDING = (
    select(
        inspection_finding.c.id,
        inspection_finding.c.number,
        answering_code().label("unit_code"),
        inspection_finding.c.state,
        inspection_finding.c.created_by,
        inspection_finding.c.way,
        inspection_finding.c.issue_id,
    )
    .where(inspection_finding.c.state.in_([each.value for each in STANDING]))
    .order_by(inspection_finding.c.number)
)


def standing_findings(
    connection: Connection, issue_ids: Collection[str]
) -> Mapping[str, list[StandingFinding]]:
    """The findings about issues that were not cancelled, by issue, in the order of their numbers."""
    ids, row = sorted(issue_ids), inspection_finding.c
    found: dict[str, list[StandingFinding]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = _STANDING.where(row.issue_id.in_(ids[start : start + _AT_ONCE]))
        for each in connection.execute(query):
            of_issue = StandingFinding(
                each.id, each.number, each.unit_code, FindingState(each.state), each.created_by, Way(each.way)
            )
            found.setdefault(each.issue_id, []).append(of_issue)
    return found


def restart_claims(desk: Desk, issue_id: str) -> None:
    """Give the unit that answers from now on as many days to claim as any other."""
    plan, row = desk.campaign.inspection, inspection_finding.c
    if plan is None:
        return
    due = desk.now.date() + timedelta(days=plan.claim_days)
    waits = row.state.in_([each.value for each in UNANSWERED])
    query = select(row.id).where(row.issue_id == issue_id, waits, row.claim_due < due)
    for finding_id in desk.connection.scalars(query).all():
        table = inspection_finding
        audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [finding_id])
        desk.connection.execute(update(table).where(row.id == finding_id).values(claim_due=due))
        audit.record(desk.connection, desk.now, desk.account, table.name, finding_id, "hand-over")


def require_claimed(desk: Desk, move: Move, current: Record) -> None:
    """Hold a move against the findings about its issue.

    Raises:
        NotClaimed: it would be reported rectified or closed, and a finding was not claimed.
        NotAllowed: it would be closed by its finder, or withdrawn: the unit objects instead.
    """
    withdraws = move.action is Action.WITHDRAW
    if not (move.reports or move.closes or withdraws) or current.form.kind != "issue":
        return
    for each in standing_findings(desk.connection, [current.id]).get(current.id, ()):
        if withdraws:
            raise NotAllowed(NOT_WITHDRAWN)
        if not each.is_claimed:
            unit = desk.campaign.unit_by_code.get(each.unit_code)
            raise NotClaimed(current, each, unit.name if unit else each.unit_code, move.name)
        if move.closes and each.found_by == desk.account.id:
            raise NotAllowed(
                f"督导第 {each.number} 号是您自己发现的，整改结果由别的人核实以后销号：谁发现谁不能销号。"
            )
