"""Requests for an extension (申请延期): made by those who rectify, granted or refused by those who approve extensions.

Of an issue one request is open at a time; ``issue.extension_asked`` says so for ledgers and counts. Until it is
granted, the deadline stays as it is. A request ends without an answer when the issue is reported or withdrawn.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server import audit
from forms_server.account import Account
from forms_server.db.driver_statements import read
from forms_server.db.tables import account, extension_request
from forms_server.desk import Desk
from forms_server.editable_states import NotNow
from forms_server.move import Move, RequestStep
from forms_server.move_fields import EXTENSION, NEW_DEADLINE, REFUSING, REQUEST
from forms_server.records.record import Record

_LAPSED = "lapsed"


class RequestNotNow(NotNow):
    """A request is open already, or there is none to be answered."""

    def __init__(self, current: Record, move: Move) -> None:
        super().__init__(current.state, move.name)
        open_already = move.request is RequestStep.OPEN
        self.args = (
            "这一条已经申请过延期，正在等批准。" if open_already else "这一条没有等着批准的延期申请。",
        )


def is_offered(move: Move, record: Record) -> bool:
    """Whether a move fits what is known of the record's deadline and of its open request."""
    if move.of_deadline and not record.deadline:
        return False
    return move.request is None or record.extension_asked is (move.request is not RequestStep.OPEN)


def require_request(move: Move, current: Record) -> None:
    """Raise RequestNotNow where a move needs an open request and there is none, or makes a second one."""
    if move.request is not None and current.extension_asked is (move.request is RequestStep.OPEN):
        raise RequestNotNow(current, move)


class RequestNews(NamedTuple):
    """A request, and the names of who asked and of who decided."""

    request: Any
    asked_by: str
    decided_by: str


def requests_of(connection: Connection, record: Record) -> Sequence[RequestNews]:
    """Requests of an issue, the oldest first."""
    return [
        RequestNews(row, row.asker or row.asker_name, row.decider or row.decider_name or "")
        for row in read(connection, _REQUESTS, {"issue": record.id})
    ]


_ASKER, _DECIDER = account.alias(), account.alias()
_REQUESTS = (
    select(
        extension_request,
        _ASKER.c.display_name.label("asker"),
        _ASKER.c.name.label("asker_name"),
        _ASKER.c.unit_code.label("asking_unit_code"),
        _DECIDER.c.display_name.label("decider"),
        _DECIDER.c.name.label("decider_name"),
    )
    .join(_ASKER, _ASKER.c.id == extension_request.c.asked_by)
    .outerjoin(_DECIDER, _DECIDER.c.id == extension_request.c.decided_by)
    .where(extension_request.c.issue_id == bindparam("issue"))
    .order_by(extension_request.c.version)
)
"""Kept for good, as the others of a record's page."""


def answers_of(connection: Connection, current: Record) -> dict[str, Any]:
    """What the open request asks for, as answers of an extension.

    Raises:
        LookupError: no request is open.
    """
    row = _last(connection, current)
    if row is None or row.state != "open":
        raise LookupError(current.id)
    deadline = Deadline(DeadlineKind(row.new_kind), row.new_day, row.new_text)
    return {NEW_DEADLINE.id: deadline, EXTENSION.id: row.reason}


def keep_request(desk: Desk, move: Move, before: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Open or end a request as the move says.

    Returns:
        The issue's columns that follow from it.
    """
    if move.request is RequestStep.OPEN:
        _open(desk, before, answers)
        return {"extension_asked": True}
    if not before.extension_asked:
        return {}
    if move.request is RequestStep.REFUSE:
        _end(desk.connection, desk.now, desk.account, before, RequestStep.REFUSE.value, answers[REFUSING.id])
    elif move.extends:
        _end(desk.connection, desk.now, desk.account, before, RequestStep.GRANT.value)
    elif move.target is not before.state:
        return lapse(desk.connection, desk.now, desk.account, before)
    else:
        return {}
    return {"extension_asked": False}


def lapse(connection: Connection, now: datetime, author: Account | None, before: Record) -> dict[str, Any]:
    """End an open request without an answer, since the issue is reported or no longer counts.

    Args:
        connection, now, author: the transaction, when, and who is named in the audit; None for the command line.
        before: the issue.

    Returns:
        The issue's columns that follow from it.
    """
    if not before.extension_asked:
        return {}
    _end(connection, now, author, before, _LAPSED)
    return {"extension_asked": False}


def is_kept(desk: Desk, move: Move, current: Record, answers: Mapping[str, Any]) -> bool:
    """Whether the account's same step was the last one on the issue's requests: a resend, if of an older version."""
    row = _last(desk.connection, current)
    if row is None or move.request is None or row.state != move.request.value:
        return False
    if move.request is RequestStep.OPEN:
        asked = answers[NEW_DEADLINE.id].text, answers[REQUEST.id], desk.account.id
        return (row.new_text, row.reason, row.asked_by) == asked
    return bool(row.decided_by == desk.account.id and row.answer == answers.get(REFUSING.id))


def _open(desk: Desk, before: Record, answers: Mapping[str, Any]) -> None:
    new = answers[NEW_DEADLINE.id]
    row = {
        "id": str(uuid5(UUID(before.id), f"request of version {before.version}")),
        "issue_id": before.id,
        "version": before.version,
        "old_day": before.deadline,
        "new_day": new.due,
        "new_kind": new.kind.value,
        "new_text": new.text,
        "reason": answers[REQUEST.id],
        "asked_by": desk.account.id,
        "asked_at": desk.now,
        "state": RequestStep.OPEN.value,
    }
    desk.connection.execute(insert(extension_request).values(row))
    opened = RequestStep.OPEN.value
    audit.record(desk.connection, desk.now, desk.account, extension_request.name, str(row["id"]), opened)


def _end(
    connection: Connection,
    now: datetime,
    author: Account | None,
    before: Record,
    state: str,
    answer: str | None = None,
) -> None:
    of_issue = extension_request.c.issue_id == before.id, extension_request.c.state == RequestStep.OPEN.value
    decided = {
        "state": state,
        "answer": answer,
        "decided_by": author.id if author else None,
        "decided_at": now,
    }
    ended = connection.scalars(select(extension_request.c.id).where(*of_issue)).all()
    audit.note_unfit(connection, now, author, extension_request.name, ended)
    connection.execute(update(extension_request).where(*of_issue).values(decided))
    for request_id in ended:
        audit.record(connection, now, author, extension_request.name, request_id, state)


def _last(connection: Connection, current: Record) -> Row[Any] | None:
    query = select(extension_request).where(extension_request.c.issue_id == current.id)
    return connection.execute(query.order_by(extension_request.c.version.desc()).limit(1)).one_or_none()
