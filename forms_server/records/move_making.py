"""State transitions of records: the single function behind pages, inbox, bulk actions, visits and demonstration."""

from collections.abc import Mapping
from typing import Any

from build_scripts.rules.form_computing import with_computed
from checklist.date_formats import full_day
from forms_server.actions import Action
from forms_server.db.record_columns import to_columns, to_values, with_township
from forms_server.desk import Desk, NotAllowed
from forms_server.editable_states import NotNow
from forms_server.move import Move, RequestStep, TransferStep
from forms_server.records import record_rows
from forms_server.records.doubles import alike, is_cancelled, joined_with, leave_to_office, not_compared
from forms_server.records.extension_requests import answers_of, is_kept, keep_request, require_request
from forms_server.records.extensions import extended_columns, is_written_down, write_down
from forms_server.records.finding_claims import require_claimed, restart_claims
from forms_server.records.opened_issues import is_opened
from forms_server.records.record import EditConflict, Record, changed_fields
from forms_server.records.record_rights import may_do, refusal
from forms_server.records.rectification_day import refuse_too_early
from forms_server.records.transfers import is_transferred, keep_transfer


class StillJoined(NotNow):
    """A record that was joined with another one is not restored: the two are parted."""

    def __init__(self, current: Record, move: Move) -> None:
        super().__init__(current.state, move.name)
        self.args = ("这一条是并入了另一条的，不能取回；不是同一个问题的，请在“可能重复”里分开。",)


class NotRestorable(NotNow):
    """A withdrawn record that would count twice, or that the office's decision withdrew; told to the user."""

    def __init__(self, current: Record, move: Move, why: str) -> None:
        super().__init__(current.state, move.name)
        self.args = (why,)


def make_move(
    desk: Desk, move: Move, current: Record, base_version: int, answers: Mapping[str, Any] | None = None
) -> Record:
    """Make a move under optimistic locking. Idempotent: repeating it with the same answers changes nothing.

    Args:
        current: the record as it is now.
        base_version: the version that the person saw.
        answers: what the move asks for, by field id.

    Raises:
        NotAllowed: the account may not make this move.
        NotNow: the record's state does not allow it.
        EditConflict: it was changed since.
        TooEarly: the day of rectification lies before the campaign.
        NotMoved: the new deadline of an extension is no other day.
        RequestNotNow: a request for an extension is open already, or there is none to be answered.
        NotHandedOver: the units of a transfer are none, or responsible already.
        NotClaimed: a finding of supervision about it has to be claimed first.
        StillJoined: it was joined with another record.
        NotRestorable: the household was proposed again meanwhile, or an objection to the finding was accepted.
    """
    told = answers or {}
    refuse_too_early(desk.campaign, move, told)
    again = (move.request or move.transfer) and base_version == current.version
    if _is_made(desk, move, current, told) and not again:
        return current
    if not _may(desk, move, current):
        raise NotAllowed(refusal(desk.account, move.action, desk.campaign, current))
    target = move.after(current.state)
    _require_kind(desk, move, current)
    if base_version != current.version:
        raise EditConflict(current)
    require_request(move, current)
    require_claimed(desk, move, current)
    if move.request is RequestStep.GRANT:
        told = answers_of(desk.connection, current)
    columns = _columns(desk, move, current, told)
    columns |= keep_request(desk, move, current, told)
    columns |= keep_transfer(desk, move, current, told)
    if move.transfer in {TransferStep.HAND_OVER, TransferStep.TURN_BACK}:
        restart_claims(desk, current.id)
    if move.reports:
        columns |= {"reported_by": desk.account.id, "reporting_unit_code": desk.account.unit_code}
    if move.reopens:
        columns |= {"rebounds": current.rebounds + 1}
    if move.closes:
        columns |= {"opened_before_closing": is_opened(desk, current)}
    if move.extends:
        write_down(desk, current, told)
    if move.action is Action.RESTORE:
        _leave_repeated(desk, move, current)
    states = {"from": current.state.value, "to": target.value}
    return record_rows.change(
        desk, current, base_version, {**columns, "state": target.value}, move.id, states
    )


def _require_kind(desk: Desk, move: Move, current: Record) -> None:
    if move.kind not in {"", current.form.kind}:
        raise NotNow(current.state, move.name)
    if move.action is Action.RESTORE and joined_with(desk, current):
        raise StillJoined(current, move)


def _leave_repeated(desk: Desk, move: Move, current: Record) -> None:
    """Before a record counts again: what was recorded meanwhile may be the same.

    Of issues the office decides; a household that was proposed again is not restored, as it counts once.

    Raises:
        NotRestorable: it is not restored.
    """
    if current.finding_number and is_cancelled(desk, current):
        raise NotRestorable(
            current, move, "这一条是督导反馈的，异议已经核定成立；仍有问题的，由督导组重新反馈。"
        )
    columns = with_township(desk.campaign, to_columns(current.form, current.values))
    found = alike(desk, current.form, current.id, columns | {"household_id": current.household_id})
    if current.form.kind == "household" and found.seen:
        other = found.seen[0]
        unit, day = desk.campaign.unit_by_code[other.unit_code].name, full_day(other.created_at.date())
        raise NotRestorable(
            current,
            move,
            f"{unit}{day}又登记了这一{desk.campaign.counter}，取回就会重复计数；要用这一条的，先由{unit}撤销那一条。",
        )
    leave_to_office(desk, current.form, current.id, not_compared(desk, current, found.seen))


def _columns(desk: Desk, move: Move, current: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the answers."""
    if move.extends:
        return extended_columns(desk, current, answers)
    if move.request is RequestStep.OPEN:
        extended_columns(desk, current, answers)  # the day has to be another one
    if move.request or move.transfer:
        return {}
    asked = {column: answers[field.id] for column, field in move.asks.items()}
    if move.stage is None:
        return asked
    told = move.known(current.form, answers)
    values = with_computed(desk.campaign, current.form, {**current.values, **told}, desk.now.date())
    return to_columns(current.form, values) | asked


def _is_made(desk: Desk, move: Move, current: Record, answers: Mapping[str, Any]) -> bool:
    """Whether the move has been made already (a resend by an account that may make it)."""
    if move.request or move.extends or move.transfer:
        kept = is_kept if move.request else is_transferred if move.transfer else _is_extended
        return kept(desk, move, current, answers) and _may(desk, move, current)
    columns = _columns(desk, move, current, answers)
    if current.state is not move.target:
        return False
    if any(getattr(current, column) != columns[column] for column in move.asks):
        return False
    if move.stage and changed_fields(current.form, current.values, to_values(current.form, columns)):
        return False
    return _may(desk, move, current)


def _is_extended(desk: Desk, _move: Move, current: Record, answers: Mapping[str, Any]) -> bool:
    return is_written_down(desk, current, answers)


def _may(desk: Desk, move: Move, current: Record) -> bool:
    return may_do(desk.account, move.action, desk.campaign, current)
