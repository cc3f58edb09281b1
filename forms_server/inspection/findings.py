"""Findings: filed into the ledger of the unit where they lie, or linked to what stands there already.

A finding counts there at once, claimed or not: it is an issue like all others, found and being rectified.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Select, false, func, select, true

from checklist.model import Inspection
from forms_server import audit
from forms_server.access import FILERS, Action
from forms_server.blind_looks import out_of_sight
from forms_server.db.tables import inspection_finding, issue, team, team_member
from forms_server.desk import Desk, NotFound
from forms_server.editable_states import State
from forms_server.finding_states import UNANSWERED, FindingState, Way
from forms_server.inspection.resent_content import Compared, require_same
from forms_server.inspection.spot_visits import Place, clean_words, permit_finding
from forms_server.inspection.teams import Refused
from forms_server.move_fields import REOPENING
from forms_server.records import record_rows
from forms_server.records.answering_units import answering_code
from forms_server.records.move_making import make_move
from forms_server.records.record import Filing, Record
from forms_server.records.record_store import create
from forms_server.scope import sees_all
from forms_server.state_moves import REOPEN

_finding = inspection_finding


@dataclass(frozen=True)
class NewFinding:
    """A problem at a household, as it was typed."""

    id: str
    item_id: str
    problem_type_id: str
    content: str
    visit_id: str
    same_as: str | None = None
    different: bool = False


def plan_of(desk: Desk) -> Inspection:
    """The campaign's plan.

    Raises:
        NotFound: it has no supervision.
    """
    if desk.campaign.inspection is None:
        raise NotFound(desk.campaign.id)
    return desk.campaign.inspection


def file_finding(desk: Desk, place: Place, found: NewFinding) -> str:
    """File what a team found at a household; return the finding's id. Idempotent.

    Raises:
        NotAllowed: the account belongs to no team of the unit.
        Refused: no words.
        PossiblySame: the ledger may hold it already, and the form does not say.
    """
    permit_finding(desk, place.unit_code)
    content = clean_words("看到的问题", found.content)
    if not content:
        raise Refused("请写清看到的问题。")
    form, row = desk.campaign.household_form, place.row
    assert form is not None
    values = {
        "township": place.unit_code,
        "village": row["village_code"],
        "householder": row["householder"],
        "household_type": row["household_type"],
        "people": row["people"],
        "problem_type": found.problem_type_id,
        "content": content,
        "source": plan_of(desk).source,
        "found_by": finder_words(desk),
    }
    fields = {field.id for field in form.fields}
    filing = Filing(
        found.id,
        form,
        place.unit_code,
        {key: value for key, value in values.items() if key in fields and value is not None},
        found.item_id,
        found.different,
        found.same_as,
        row["id"],
        way="visit",
        action=Action.FIND,
    )
    return file_into_ledger(desk, filing, content, visit_id=found.visit_id)


def file_into_ledger(desk: Desk, filing: Filing, content: str, visit_id: str | None = None) -> str:
    """File a finding's issue, or link the finding to the one that stands there; return its id. Idempotent.

    Raises:
        PossiblySame: the ledger may hold it already, and the filing does not say.
        SavedOtherwise: the id holds a finding in other words.
    """
    known = _row(desk, filing.id)
    if known is not None:
        what = "这一个问题已经记过，写的和这次不一样：要另记一个的，再保存一次"
        require_same(what, [Compared("看到的问题", known["content"], content)])
        return str(known["id"])
    number = _next_number(desk)
    record = create(desk, replace(filing, finding_number=number))
    way = Way.MISSED if record.id == filing.id else Way.LINKED
    before = _reopen(desk, record, content) if way is Way.LINKED else None
    write_finding(desk, record, number, way, content, id=filing.id, visit_id=visit_id, state_before=before)
    return filing.id


def _reopen(desk: Desk, record: Record, words: str) -> str | None:
    """What was reported rectified and is found again goes back; return its state before."""
    if record.state not in REOPEN.sources:
        return None
    make_move(desk, REOPEN, record, record.version, {REOPENING.id: words})
    return record.state.value


def write_finding(
    desk: Desk, record: Record, number: int | None, way: Way, content: str, **more: Any
) -> None:
    """Store a finding about an issue."""
    row = {
        "campaign_id": desk.campaign.id,
        "number": number or _next_number(desk),
        "unit_code": record.unit_code,
        "village_code": record.village_code,
        "issue_id": record.id,
        "way": way.value,
        "content": content,
        "state": FindingState.OPEN.value,
        "claim_due": desk.now.date() + timedelta(days=plan_of(desk).claim_days),
        "created_by": desk.account.id,
        "created_at": desk.now,
        **more,
    }
    if record_rows.insert_once(desk.connection, _finding, row):
        change = {"number": row["number"], "unit": record.unit_code, "way": way.value}
        audit.record(desk.connection, desk.now, desk.account, _finding.name, row["id"], "create", change)


def finder_words(desk: Desk) -> str:
    """The finder as the ledger names him: his team and himself."""
    query = (
        select(team.c.name)
        .join(team_member, team_member.c.team_id == team.c.id)
        .where(
            team_member.c.account_id == desk.account.id,
            team_member.c.left_at.is_(None),
            team.c.ended_at.is_(None),
        )
        .order_by(team.c.name)
    )
    name = desk.connection.execute(query.limit(1)).scalar()
    return f"{name}（{desk.account.shown_name}）" if name else desk.account.shown_name


def visible_findings(desk: Desk) -> ColumnElement[bool]:
    """Row-level access: the office all, an inspector those that its units count or that lie there, a village its own.

    A unit sees those that it counts and those that it answers.
    """
    account = desk.account
    if sees_all(account):
        return true()
    if account.reads_assigned_units:
        hidden = out_of_sight(issue, account)
        of_hidden = select(issue.c.id).where(hidden if hidden is not None else false())
        inspected = sorted(account.inspects)
        lies_there = _finding.c.issue_id.in_(select(issue.c.id).where(issue.c.township_code.in_(inspected)))
        return (_finding.c.unit_code.in_(inspected) | lies_there) & _finding.c.issue_id.not_in(of_hidden)
    if account.role not in FILERS and not account.unit_code:
        return false()
    own = (_finding.c.unit_code == account.unit_code) | (answering_code() == account.unit_code)
    return own & (_finding.c.village_code == account.village_code) if account.village_code else own


def findings(desk: Desk) -> Sequence[RowMapping]:
    """The findings that the account may see, those that wait first."""
    query = _with_issue(desk, visible_findings(desk)).order_by(_finding.c.number)
    return desk.connection.execute(query).mappings().all()


def awaits_answer(row: RowMapping) -> bool:
    """Whether the unit owes an answer: not for what is closed, or counts no longer."""
    return row["state"] in UNANSWERED and row["issue_state"] in _OPEN


_OPEN = frozenset({State.RECTIFYING, State.RECTIFIED})


def get_finding(desk: Desk, finding_id: str) -> tuple[RowMapping, Record]:
    """A finding and its issue.

    Raises:
        NotFound: none, or not one that the account may see.
    """
    row = _row(desk, finding_id, visible_findings(desk))
    if row is None:
        raise NotFound(finding_id)
    for form in desk.campaign.record_forms:
        if form.kind == "issue":
            try:
                return row, record_rows.get(desk, form, row["issue_id"])
            except NotFound:
                continue
    raise NotFound(finding_id)


def _row(desk: Desk, finding_id: str, *more: ColumnElement[bool]) -> RowMapping | None:
    query = _with_issue(desk, _finding.c.id == finding_id, *more)
    return desk.connection.execute(query).mappings().one_or_none()


def _with_issue(desk: Desk, *conditions: ColumnElement[bool]) -> Select[Any]:
    """Findings with their issue's state, as ``issue_state``, and the unit that answers, as ``answers_code``."""
    more = issue.c.state.label("issue_state"), answering_code().label("answers_code")
    query = select(_finding, *more).join(issue, issue.c.id == _finding.c.issue_id)
    return query.where(_finding.c.campaign_id == desk.campaign.id, *conditions)


def _next_number(desk: Desk) -> int:
    last = select(func.max(_finding.c.number)).where(_finding.c.campaign_id == desk.campaign.id)
    return (desk.connection.execute(last).scalar() or 0) + 1
