"""The moves of a record's life: its unit reports it rectified or withdraws it, others verify it or send it back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from checklist.messages import say
from checklist.model import Field
from checklist.problems import Problem
from forms_server.access import Action, may_write
from forms_server.db.record_columns import to_columns, to_values
from forms_server.desk import Desk
from forms_server.lifecycle import Move, State, move
from forms_server.records import record_rows
from forms_server.records.record import EditConflict, Record, changed_fields
from forms_server.records.record_store import permit
from forms_server.responsibility import answering


class TooEarly(Exception):
    """An issue cannot have been rectified before it was found; none was found before the campaign's first day."""

    def __init__(self, day: date, earliest: date) -> None:
        super().__init__(f"{day.isoformat()} < {earliest.isoformat()}")
        self.day = day
        self.earliest = earliest

    def problem(self, field: Field) -> Problem:
        """The sentence for the field that the day was typed into."""
        words = say(
            "too-early", label=field.label, date=self.day.isoformat(), limit=self.earliest.isoformat()
        )
        return Problem(field.id, "too-early", words)


def report(
    desk: Desk, current: Record, base_version: int, values: Mapping[str, Any], rectified_on: date
) -> Record:
    """Report an issue rectified; reporting the same again changes nothing.

    Args:
        current: the record as it is now.
        base_version: the version that the person saw.
        values: the fields of the stage of rectification.
        rectified_on: the day on which it was rectified.

    Raises:
        NotAllowed: the account may not write this.
        NotNow: the record's state does not allow it.
        Conflict: it was changed since.
        TooEarly: the day lies before the campaign.
    """
    earliest = min(phase.start for phase in desk.campaign.notice.phases)
    if rectified_on < earliest:
        raise TooEarly(rectified_on, earliest)
    columns = to_columns(current.form, {**current.values, **values})
    again = current.state is State.RECTIFIED and current.rectified_on == rectified_on
    if again and not changed_fields(current.form, current.values, to_values(current.form, columns)):
        return current
    return make_move(desk, current, base_version, Move.REPORT, columns | {"rectified_on": rectified_on})


def withdraw(desk: Desk, current: Record, base_version: int, reason: str) -> Record:
    """Withdraw a record: it is kept with the reason and never counted; withdrawing it again changes nothing.

    Raises:
        NotAllowed, NotNow, Conflict: as for ``report``.
    """
    if current.state is State.WITHDRAWN and current.state_reason == reason:
        return current
    return make_move(desk, current, base_version, Move.WITHDRAW, {"state_reason": reason})


def verify(desk: Desk, current: Record, base_version: int) -> Record:
    """Close a rectified issue; closing it again changes nothing.

    Raises:
        NotAllowed, NotNow, Conflict: as for ``report``.
    """
    if current.state is State.CLOSED and _may_judge(desk, current):
        return current
    return make_move(desk, current, base_version, Move.VERIFY, {})


def send_back(desk: Desk, current: Record, base_version: int, reason: str) -> Record:
    """Send a rectified issue back to its unit, with the reason; doing so again changes nothing.

    Raises:
        NotAllowed, NotNow, Conflict: as for ``report``.
    """
    if current.sent_back and current.state_reason == reason and _may_judge(desk, current):
        return current
    return make_move(desk, current, base_version, Move.SEND_BACK, {"state_reason": reason})


def _may_judge(desk: Desk, current: Record) -> bool:
    units = answering(desk.campaign, current.problem_type_id, current.item_id)
    return may_write(desk.account, Action.VERIFY, current.unit_code, current.village_code, units)


def make_move(
    desk: Desk, current: Record, base_version: int, name: Move, columns: Mapping[str, Any]
) -> Record:
    """Make a move, with the columns that it fills."""
    units = answering(desk.campaign, current.problem_type_id, current.item_id)
    permit(desk, Action(name), current.unit_code, current.village_code, units)
    target = move(current.state, name)
    if base_version != current.version:
        raise EditConflict(current)
    states = {"from": current.state.value, "to": target.value}
    return record_rows.change(
        desk, current, base_version, {**columns, "state": target.value}, Action(name), states
    )
