"""Findings of supervision follow their issue when the office joins it with another, and go back when it parts them."""

from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping, select, update

from forms_server import audit
from forms_server.db.tables import finding, inspection_finding, issue, possible_double, spot_check
from forms_server.desk import Desk
from forms_server.editable_states import State
from forms_server.finding_states import UNANSWERED, Way
from forms_server.records.finding_claims import standing_findings
from forms_server.records.record import Record

_row = inspection_finding


class ReopenFirst(Exception):
    """The record to be kept counts as rectified, and a finding says that it is not; the message is for the office."""

    def __init__(self, number: int) -> None:
        super().__init__(
            f"督导第 {number} 号发现这个问题还没有改好，先登记的那一条却报了已整改：请先把那一条重新打开，再并成一条。"
        )


def follow(desk: Desk, second: Record, first: Record) -> None:
    """Let the findings about a joined record be about the one that counts; its unit answers them.

    Raises:
        ReopenFirst: the one that counts is rectified or closed.
    """
    standing = standing_findings(desk.connection, [second.id]).get(second.id, ())
    if standing and first.state is not State.RECTIFYING:
        raise ReopenFirst(standing[0].number)
    for row in _about(desk, second.id):
        _move(desk, row, first, "join")


def go_back(desk: Desk, first_id: str, second: Record) -> None:
    """Let the findings that came with a joined record be about it again; before the pair's row is changed."""
    for row in _about(desk, first_id):
        if second.id in _ways_from(desk, origin_of(desk, row)):
            _move(desk, row, second, "part")


def _about(desk: Desk, issue_id: str) -> list[RowMapping]:
    query = select(_row).where(_row.c.issue_id == issue_id).order_by(_row.c.number)
    return list(desk.connection.execute(query).mappings())


def origin_of(desk: Desk, row: RowMapping) -> str:
    """Id of the issue about which a finding was at first."""
    if row["way"] == Way.CHECK:
        query = select(spot_check.c.issue_id).where(spot_check.c.id == row["check_id"])
        return str(desk.connection.execute(query).scalar() or row["issue_id"])
    if _filed_an_issue(desk, row):
        return str(row["id"])
    query = select(finding.c.record_id).where(finding.c.id == row["id"])
    return str(desk.connection.execute(query).scalar() or row["issue_id"])


def _filed_an_issue(desk: Desk, row: RowMapping) -> bool:
    """Whether the team filed an issue of its own with the finding, which has the finding's id."""
    return desk.connection.execute(select(issue.c.id).where(issue.c.id == row["id"])).first() is not None


def _way_to(desk: Desk, row: RowMapping, record: Record) -> Way:
    """How the finding came about, now that it is about this issue: missed, or in the ledger before the team came."""
    if row["way"] == Way.CHECK or not _filed_an_issue(desk, row):
        return Way(row["way"])
    known = not record.finding_number and record.created_at <= row["created_at"]
    return Way.LINKED if known else Way.MISSED


def _move(desk: Desk, row: RowMapping, record: Record, action: str) -> None:
    values: dict[str, Any] = {
        "issue_id": record.id,
        "way": _way_to(desk, row, record).value,
        "unit_code": record.unit_code,
        "village_code": record.village_code,
    }
    if row["unit_code"] != record.unit_code and row["state"] in UNANSWERED and desk.campaign.inspection:
        # Another unit answers from now on, and has its days.
        values["claim_due"] = desk.now.date() + timedelta(days=desk.campaign.inspection.claim_days)
    audit.note_unfit(desk.connection, desk.now, desk.account, _row.name, [row["id"]])
    desk.connection.execute(update(_row).where(_row.c.id == row["id"]).values(values))
    change = {"from": row["issue_id"], "to": record.id}
    audit.record(desk.connection, desk.now, desk.account, _row.name, row["id"], action, change)


def _ways_from(desk: Desk, issue_id: str) -> list[str]:
    """An issue and those into which it was joined, one after the other."""
    pair, way = possible_double.c, [issue_id]
    while True:
        query = select(pair.first_id).where(pair.second_id == way[-1], pair.state == "same")
        following = desk.connection.execute(query).scalars().first()
        if following is None or following in way:
            return way
        way.append(following)
