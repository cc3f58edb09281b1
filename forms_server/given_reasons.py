"""Why something was sent back, reopened, withdrawn or put into another state: every reason, not only the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select

from checklist.reading.personal_numbers import masked
from forms_server.account import Account
from forms_server.db.driver_statements import read
from forms_server.db.tables import account, given_reason


@dataclass(frozen=True)
class ReasonSubject:
    """What a reason is about: a record, a register's row or a return."""

    table: str
    id: str
    campaign_id: str
    unit_code: str
    """Whose it is."""
    ledger_id: str = ""
    """Its form or register."""


@dataclass(frozen=True)
class GivenReason:
    """A reason, with who gave it: empty for the command line."""

    subject: ReasonSubject
    number: int
    """1, 2, 3 and so on of its subject."""
    action: str
    """As the audit has it."""
    reason: str
    at: datetime
    by: str
    by_unit: str | None
    time: int
    """1, 2, 3 and so on of this action for this subject: 第 2 次退回."""


def keep_reason(
    connection: Connection, at: datetime, by: Account | None, subject: ReasonSubject, action: str, reason: str
) -> None:
    """Keep a reason, within the transaction of the change that it is given for."""
    given = given_reason.c
    query = select(func.count()).where(given.subject == subject.table, given.subject_id == subject.id)
    row = {
        "subject": subject.table,
        "subject_id": subject.id,
        "number": connection.execute(query).scalar_one() + 1,
        "campaign_id": subject.campaign_id,
        "unit_code": subject.unit_code,
        "ledger_id": subject.ledger_id,
        "action": action,
        "reason": reason,
        "given_by": by.id if by else None,
        "given_at": at,
    }
    connection.execute(insert(given_reason).values(row))


def reasons_of(connection: Connection, table: str, ids: Sequence[str]) -> list[GivenReason]:
    """The reasons given for some records, rows or returns of a table, oldest first."""
    if len(ids) == 1:
        return [_reason(row) for row in read(connection, _OF_ONE, {"table": table, "id": ids[0]})]
    given = given_reason.c
    query = _QUERY.where(given.subject == table, given.subject_id.in_(ids))
    return [_reason(row) for row in connection.execute(query.order_by(given.given_at, given.number))]


_TIME = func.row_number().over(
    partition_by=(given_reason.c.subject, given_reason.c.subject_id, given_reason.c.action),
    order_by=given_reason.c.number,
)
_QUERY = select(
    given_reason,
    account.c.display_name,
    account.c.name,
    account.c.unit_code.label("by_unit"),
    _TIME.label("time"),
).join_from(given_reason, account, account.c.id == given_reason.c.given_by, isouter=True)


_OF_ONE = _QUERY.where(
    given_reason.c.subject == bindparam("table"), given_reason.c.subject_id == bindparam("id")
).order_by(given_reason.c.given_at, given_reason.c.number)


def listed_reasons(
    connection: Connection, campaign_id: str, actions: Sequence[str], unit_code: str, skip: int, most: int
) -> list[GivenReason]:
    """A page of a campaign's reasons, newest first.

    Args:
        connection: a transaction.
        campaign_id: whose.
        actions: for which they were given.
        unit_code: whose records; empty for all.
        skip: how many to leave out.
        most: how many at most.
    """
    given = given_reason.c
    asked = [given.campaign_id == campaign_id, given.action.in_(actions)]
    if unit_code:
        asked.append(given.unit_code == unit_code)
    newest = given.given_at.desc(), given.subject, given.subject_id, given.number.desc()
    query = _QUERY.where(*asked).order_by(*newest).offset(skip).limit(most)
    return [_reason(row) for row in connection.execute(query)]


@dataclass(frozen=True)
class ReasonCount:
    """How often something of a unit's was sent back: times, of how many subjects, and the most for one of them."""

    unit_code: str
    times: int
    subjects: int
    most: int


def reason_counts(connection: Connection, campaign_id: str, actions: Sequence[str]) -> list[ReasonCount]:
    """Counts by unit, the most often first."""
    given = given_reason.c
    each = (
        select(given.unit_code, func.count().label("times"))
        .where(given.campaign_id == campaign_id, given.action.in_(actions))
        .group_by(given.unit_code, given.subject, given.subject_id)
        .subquery()
    )
    query = select(each.c.unit_code, func.sum(each.c.times), func.count(), func.max(each.c.times)).group_by(
        each.c.unit_code
    )
    counts = [
        ReasonCount(unit, int(times), subjects, most)
        for unit, times, subjects, most in connection.execute(query)
    ]
    return sorted(counts, key=lambda count: (-count.times, count.unit_code))


def _reason(row: Any) -> GivenReason:
    subject = ReasonSubject(row.subject, row.subject_id, row.campaign_id, row.unit_code, row.ledger_id)
    by = row.display_name or row.name or ""
    return GivenReason(
        subject, row.number, row.action, str(masked(row.reason)), row.given_at, by, row.by_unit, row.time
    )
