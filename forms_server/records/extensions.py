"""Extensions (延期): a deadline is never moved without a reason, and the first one stays in sight.

The unit's principal approves by making the move, or the office does; who fills in asks one of them. An issue's
``deadline`` is the approved one, by which it is overdue; ``first_deadline`` and the number of extensions stand beside.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, bindparam, insert, select

from build_scripts.rules.form_computing import with_computed
from checklist.date_formats import full_day
from checklist.messages import say
from checklist.overdue import deadline_moved
from checklist.problems import Problem
from forms_server import audit
from forms_server.actions import Action
from forms_server.db.driver_statements import read
from forms_server.db.record_columns import to_columns
from forms_server.db.tables import account, extension
from forms_server.desk import Desk
from forms_server.move_fields import EXTENSION, NEW_DEADLINE
from forms_server.records.record import Record

_DEADLINE = "deadline"


class NotMoved(Exception):
    """The new deadline is no other day, or there is none to be moved."""

    def __init__(self, current: Record) -> None:
        super().__init__(current.id)
        day = full_day(current.deadline) if current.deadline else "（无）"
        words = say("deadline-unmoved", label=NEW_DEADLINE.label, day=day)
        self.problem = Problem(NEW_DEADLINE.id, "deadline-unmoved", words)


class DeadlineFixed(Exception):
    """An edit would move the deadline, which takes a reason and an approval."""

    def __init__(self, current: Record) -> None:
        super().__init__(current.id)
        assert current.deadline is not None
        label = current.form.field(_DEADLINE).label
        words = say("deadline-fixed", label=label, day=full_day(current.deadline))
        self.problem = Problem(_DEADLINE, "deadline-fixed", words)


def require_same_deadline(current: Record, values: Mapping[str, Any]) -> None:
    """Raise DeadlineFixed where an edit's values move the deadline's day."""
    if current.form.kind == "issue" and deadline_moved(current.values.get(_DEADLINE), values.get(_DEADLINE)):
        raise DeadlineFixed(current)


def extended_columns(desk: Desk, current: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Columns of an issue with a new deadline.

    Raises:
        NotMoved: it is no other day.
    """
    new = answers[NEW_DEADLINE.id]
    if not deadline_moved(current.values.get(_DEADLINE), new):
        raise NotMoved(current)
    later = new.due is None or current.deadline is None or new.due > current.deadline
    values = {**current.values, _DEADLINE: new}
    values = with_computed(desk.campaign, current.form, values, desk.now.date())
    return to_columns(current.form, values) | {
        "first_deadline": current.first_deadline or current.deadline,
        "extensions": current.extensions + int(later),
    }


def write_down(desk: Desk, before: Record, answers: Mapping[str, Any]) -> None:
    """Keep who moved the deadline, from when to when, and why."""
    new = answers[NEW_DEADLINE.id]
    row = {
        "id": str(uuid5(UUID(before.id), f"extension of version {before.version}")),
        "issue_id": before.id,
        "old_day": before.deadline,
        "new_day": new.due,
        "new_text": new.text,
        "reason": answers[EXTENSION.id],
        "approved_by": desk.account.id,
        "approved_at": desk.now,
    }
    desk.connection.execute(insert(extension).values(row))
    audit.record(desk.connection, desk.now, desk.account, extension.name, str(row["id"]), Action.EXTEND)


def is_written_down(desk: Desk, current: Record, answers: Mapping[str, Any]) -> bool:
    """Whether the account's last extension of the issue was this one: a resend."""
    last = next(reversed(extensions_of(desk.connection, current)), None)
    said = answers[NEW_DEADLINE.id].text, answers[EXTENSION.id], desk.account.id
    return last is not None and (last.new_text, last.reason, last.approved_by) == said


def extensions_of(connection: Connection, record: Record) -> Sequence[Any]:
    """Extensions of an issue, oldest first, each with its approver's name."""
    return read(connection, _OF_ONE, {"issue": record.id})


def extensions_of_many(connection: Connection, records: Sequence[Record]) -> dict[str, list[Any]]:
    """Extensions by the id of their issue, oldest first, each with its approver's name."""
    if not records:
        return {}
    of_records = extension.c.issue_id.in_([record.id for record in records])
    found: dict[str, list[Any]] = {}
    for row in connection.execute(_QUERY.where(of_records)):
        found.setdefault(row.issue_id, []).append(row)
    return found


_QUERY = (
    select(extension, account.c.display_name, account.c.name)
    .join(account, account.c.id == extension.c.approved_by)
    .order_by(extension.c.approved_at, extension.c.id)
)
_OF_ONE = _QUERY.where(extension.c.issue_id == bindparam("issue"))
