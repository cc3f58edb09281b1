"""举一反三: how many others a unit looked at after a finding, and the issues of its ledger that it found among them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import ColumnElement, RowMapping, and_, delete, false, insert, or_, select, update

from checklist.states import counted_states
from forms_server import audit
from forms_server.db.tables import alike_issue, inspection_finding, issue
from forms_server.desk import Desk, NotAllowed
from forms_server.finding_states import FindingState
from forms_server.inspection.answers import may_answer
from forms_server.inspection.findings import visible_findings
from forms_server.inspection.teams import Refused
from forms_server.records.record import Record, to_record
from forms_server.scope import visible_records

MOST = 100
"""Issues among which the unit chooses, the newest first."""

_MOST_LOOKED_AT = 1_000_000
_COUNTED = [state.value for state in counted_states("issue")]


@dataclass(frozen=True)
class OfIssue:
    """What supervision has to do with an issue: findings about it, and those after which it was found."""

    about: Sequence[RowMapping]
    after: Sequence[RowMapping]


def choices(desk: Desk, row: RowMapping, record: Record) -> list[Record]:
    """Issues that may have been found after a finding: of the unit that answers and of its type, filed since."""
    forms = {form.id: form for form in desk.campaign.record_forms if form.kind == "issue"}
    since = issue.c.created_at >= row["created_at"], issue.c.problem_type_id == record.problem_type_id
    query = (
        select(issue)
        .where(
            issue.c.campaign_id == desk.campaign.id,
            issue.c.unit_code == row["answers_code"],
            issue.c.state.in_(_COUNTED),
            issue.c.id != record.id,
            *since,
        )
        .order_by(issue.c.created_at.desc(), issue.c.id)
        .limit(MOST)
    )
    if desk.account.village_code:
        query = query.where(issue.c.village_code == desk.account.village_code)
    rows = desk.connection.execute(query).mappings()
    return [to_record(forms[each["form_id"]], each) for each in rows if each["form_id"] in forms]


def found_after(desk: Desk, finding_id: str) -> list[Record]:
    """The issues that were found after a finding and still count, as far as the account may see them."""
    forms = {form.id: form for form in desk.campaign.record_forms if form.kind == "issue"}
    seen = (
        and_(issue.c.form_id == form.id, visible_records(form, desk.campaign, desk.account))
        for form in forms.values()
    )
    query = (
        select(issue)
        .join(alike_issue, alike_issue.c.issue_id == issue.c.id)
        .where(
            alike_issue.c.finding_id == finding_id,
            issue.c.state.in_(_COUNTED),
            or_(false(), *seen),
        )
        .order_by(issue.c.created_at, issue.c.id)
    )
    if desk.account.village_code:
        query = query.where(issue.c.village_code == desk.account.village_code)
    return [to_record(forms[each["form_id"]], each) for each in desk.connection.execute(query).mappings()]


class ToldMeanwhile(Exception):
    """Somebody else has told since the page was opened."""


def told_version(desk: Desk, row: RowMapping) -> str:
    """A digest of what is told, empty while nothing is: the form brings back the one that was shown."""
    if row["looked_at"] is None:
        return ""
    return _digest(row["looked_at"], _linked(desk, row["id"]))


def tell_alike(
    desk: Desk, row: RowMapping, record: Record, looked_at: int, issue_ids: Collection[str], shown: str
) -> None:
    """Say how many others the unit looked at, and which issues it found among them. Idempotent.

    Issues that the account does not see, as those of other villages or of a unit that answered before, stay.

    Args:
        desk: the unit's account.
        row: the finding.
        record: its issue.
        looked_at: how many others.
        issue_ids: of the issues found among them.
        shown: ``told_version`` of the page.

    Raises:
        NotAllowed: the account does not write for the unit.
        ToldMeanwhile: something else was told since the page was opened.
        Refused: the finding is not claimed, an issue is none of ``choices``, or more were found than looked at.
    """
    if not may_answer(desk, row, record):
        raise NotAllowed("举一反三由负责整改的单位填写。")
    if row["state"] != FindingState.CLAIMED:
        raise Refused("这一条还没有认领：先认领，再填举一反三。")
    after = {each.id for each in found_after(desk, row["id"])}
    chosen = set(issue_ids) | _out_of_sight(desk, row["id"], after)
    version = told_version(desk, row)
    if version and version == _digest(looked_at, chosen):
        return
    if version != shown:
        raise ToldMeanwhile
    if not set(issue_ids) <= {each.id for each in choices(desk, row, record)} | after:
        raise Refused("选的问题里有的已经撤销，或者不是反馈以后登记的同类问题，请重新选。")
    if not len(chosen) <= looked_at <= _MOST_LOOKED_AT:
        raise Refused("发现的不能比排查的多，请核对排查了多少。")
    audit.note_unfit(desk.connection, desk.now, desk.account, inspection_finding.name, [row["id"]])
    table = alike_issue
    desk.connection.execute(delete(table).where(table.c.finding_id == row["id"]))
    stamp = {"finding_id": row["id"], "linked_by": desk.account.id, "linked_at": desk.now}
    if chosen:
        desk.connection.execute(insert(table), [{**stamp, "issue_id": each} for each in sorted(chosen)])
    finding = inspection_finding
    told = {"looked_at": looked_at, "found_alike": len(chosen)}
    desk.connection.execute(update(finding).where(finding.c.id == row["id"]).values(told))
    audit.record(desk.connection, desk.now, desk.account, finding.name, row["id"], "alike", told)


def _digest(looked_at: int, issue_ids: Collection[str]) -> str:
    return sha256(" ".join([str(looked_at), *sorted(issue_ids)]).encode()).hexdigest()


def _linked(desk: Desk, finding_id: str, *conditions: ColumnElement[bool]) -> set[str]:
    query = select(alike_issue.c.issue_id).join(issue, issue.c.id == alike_issue.c.issue_id)
    return set(desk.connection.scalars(query.where(alike_issue.c.finding_id == finding_id, *conditions)))


def _out_of_sight(desk: Desk, finding_id: str, seen: Collection[str]) -> set[str]:
    """Linked issues that still count and that the account does not see."""
    return _linked(desk, finding_id, issue.c.state.in_(_COUNTED)) - set(seen)


def of_issue(desk: Desk, record: Record) -> OfIssue:
    """The findings about an issue and those after which its unit found it, as far as the account may see them."""
    finding = inspection_finding
    seen = select(finding).where(visible_findings(desk), finding.c.campaign_id == desk.campaign.id)
    about = seen.where(finding.c.issue_id == record.id).order_by(finding.c.number)
    after = (
        seen.join(alike_issue, alike_issue.c.finding_id == finding.c.id)
        .where(alike_issue.c.issue_id == record.id)
        .order_by(finding.c.number)
    )
    rows = desk.connection.execute
    return OfIssue(rows(about).mappings().all(), rows(after).mappings().all())
