"""State transitions of records: the single function behind pages, inbox, bulk actions, visits and demonstration."""

from collections.abc import Mapping
from typing import Any

from forms_server.db.record_columns import to_columns, to_values
from forms_server.desk import Desk, NotAllowed
from forms_server.records import record_rows
from forms_server.records.extension_requests import answers_of, is_kept, keep_request, require_request
from forms_server.records.extensions import extended_columns, is_written_down, write_down
from forms_server.records.record import EditConflict, Record, changed_fields
from forms_server.records.record_rights import may_do, refusal
from forms_server.records.rectification_day import refuse_too_early
from forms_server.state_moves import Move, RequestStep


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
    """
    told = answers or {}
    refuse_too_early(desk.campaign, move, told)
    if _is_made(desk, move, current, told) and not (move.request and base_version == current.version):
        return current
    if not _may(desk, move, current):
        raise NotAllowed(refusal(desk.account, move.action, desk.campaign, current))
    target = move.after(current.state)
    if base_version != current.version:
        raise EditConflict(current)
    require_request(move, current)
    if move.request is RequestStep.GRANT:
        told = answers_of(desk.connection, current)
    columns = _columns(move, current, told)
    columns |= keep_request(desk, move, current, told)
    if move.reports:
        columns |= {"reported_by": desk.account.id, "reporting_unit_code": desk.account.unit_code}
    if move.reopens:
        columns |= {"rebounds": current.rebounds + 1}
    if move.extends:
        write_down(desk, current, told)
    states = {"from": current.state.value, "to": target.value}
    return record_rows.change(
        desk, current, base_version, {**columns, "state": target.value}, move.id, states
    )


def _columns(move: Move, current: Record, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for the answers."""
    if move.extends:
        return extended_columns(current, answers)
    if move.request is RequestStep.OPEN:
        extended_columns(current, answers)  # the day has to be another one
    if move.request:
        return {}
    asked = {column: answers[field.id] for column, field in move.asks.items()}
    if move.stage is None:
        return asked
    told = move.known(current.form, answers)
    return to_columns(current.form, {**current.values, **told}) | asked


def _is_made(desk: Desk, move: Move, current: Record, answers: Mapping[str, Any]) -> bool:
    """Whether the move has been made already (a resend by an account that may make it)."""
    if move.request:
        return is_kept(desk, move, current, answers) and _may(desk, move, current)
    if move.extends:
        return is_written_down(desk, current, answers) and _may(desk, move, current)
    columns = _columns(move, current, answers)
    if current.state is not move.target:
        return False
    if any(getattr(current, column) != columns[column] for column in move.asks):
        return False
    if move.stage and changed_fields(current.form, current.values, to_values(current.form, columns)):
        return False
    return _may(desk, move, current)


def _may(desk: Desk, move: Move, current: Record) -> bool:
    return may_do(desk.account, move.action, desk.campaign, current)
