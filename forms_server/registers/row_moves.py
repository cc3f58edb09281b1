"""What becomes of stored rows: they are confirmed, put into another state, taken further in a round, filed as issues.

As in ``row_store``: in the caller's transaction, authorized, idempotent, one audit row each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from checklist.model import Register, RoundStep, RowState
from checklist.problems import Problem, errors_of
from forms_server.db.tables import register_row
from forms_server.desk import Desk, NotAllowed
from forms_server.given_reasons import ReasonSubject, keep_reason
from forms_server.registers import row_listing, row_store
from forms_server.registers.register_row import RegisterRow, row_key, to_columns
from forms_server.registers.row_listing import RowFilters, SeenRows
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.row_scope import reaches, takes_step

_row = register_row.c

CONFIRM, MOVE, LINK = "confirm", "move_state", "file_as_issue"
"""The audit's words."""


class RowLacks(Exception):
    """A row cannot be confirmed as it is: it lacks what each period fills anew."""


class RowWrong(Exception):
    """A row cannot be confirmed as it is: what held last period is an error in this one."""


def confirm(desk: Desk, current: RegisterRow, base_version: int) -> RegisterRow:
    """Confirm that what was carried over still holds (核实); what is counted is counted anew. Idempotent.

    Raises:
        NotAllowed, RowConflict: as for ``edit``.
        RowLacks: what each period fills anew is empty.
        RowWrong: the rules refuse it, as they would on its form.
        RulesFailed: time or memory ran out.
    """
    row_store.permit(desk, current)
    if not current.waiting:
        return current
    if current.lacks:
        raise RowLacks(current.id)
    ruled = RuledRegister(desk.campaign, current.register, desk.now.date())
    (judged,) = ruled.judge(desk.connection, [current.values], current.period, [current.state])
    if errors_of(judged.problems):
        raise RowWrong(current.id)
    columns, what = _counted_anew(current, judged.values)
    checked = {"checked_on": desk.now.date()}
    after = row_store.change(desk, current, base_version, columns | checked, CONFIRM, what)
    row_store.compute_anew(desk, after, what.get("fields", []))
    return after


def _counted_anew(row: RegisterRow, values: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """A row's columns with what is counted now, and what the audit says of it."""
    stored = to_columns(row.register, values)
    counted = [name for name, value in values.items() if value != row.values.get(name)]
    return {name: stored[name] for name in ("extra", "texts")}, {"fields": counted} if counted else {}


def move(desk: Desk, current: RegisterRow, base_version: int, state: RowState, reason: str) -> RegisterRow:
    """Put a row into another state; one that ends it takes it out of totals, not out of the list. Idempotent.

    Raises:
        NotAllowed, RowConflict: as for ``edit``.
        RowExists: it comes back from an end, and another row has taken its place meanwhile.
    """
    row_store.permit(desk, current)
    register = current.register
    if not reaches(desk.campaign, desk.account, register, state.id):
        raise NotAllowed(f"“{state.label}”不由您的账号办。")
    if current.state == state.id:
        return current
    columns = to_columns(register, current.values)
    key = None if state.ends else row_key(register, columns)
    if not state.ends:
        own = columns | {"row_key": key, "person_id": current.person_id}
        row_store.require_only_one(desk, register, current.period, own, current.id)
    stored = {"state": state.id, "state_reason": reason or None, "ended": state.ends, "row_key": key}
    what = {"from": current.state, "to": state.id}
    moved = row_store.change(desk, current, base_version, stored, MOVE, what)
    if moved.ended != current.ended:
        row_store.compute_next_anew(desk, [moved])
    if reason:
        subject = ReasonSubject(
            register_row.name, current.id, desk.campaign.id, current.unit_code, register.id
        )
        keep_reason(desk.connection, desk.now, desk.account, subject, MOVE, reason)
    return moved


def link_issue(desk: Desk, register: Register, row_id: str, issue_id: str) -> None:
    """Note that a row was filed as an issue: whoever sees it may do so. Idempotent.

    Raises:
        NotFound: no such row, or outside the account's scope.
    """
    row = row_store.get(desk, register, row_id)
    if row.issue_id != issue_id:
        row_store.change(desk, row, row.version, {"issue_id": issue_id}, LINK, {})


def row_of_issue(desk: Desk, issue_id: str) -> RegisterRow | None:
    """The row that an issue was filed from, if the account sees it."""
    row = desk.connection.execute(select(register_row).where(_row.issue_id == issue_id)).mappings().first()
    register = desk.campaign.register_by_id.get(row["register_id"]) if row else None
    if row is None or register is None:
        return None
    return next(iter(row_store.rows_of(desk, register, [row["id"]])), None)


@dataclass(frozen=True)
class LeftRow:
    """A row that a step left where it was, with what its rules say against it."""

    row: RegisterRow
    problems: Sequence[Problem]


def take_step(desk: Desk, register: Register, period: str, step: RoundStep) -> tuple[int, list[LeftRow]]:
    """Take the account's rows of a period one step further; return how many, and those left behind. Idempotent.

    Only rows that have the step before behind them go on. What is counted is counted anew, so that a report of nothing
    new, written before an alert came in, is found here.

    Raises:
        NotAllowed: the step is not the account's.
        RulesFailed: time or memory ran out.
    """
    asked = register.round
    if asked is None or not takes_step(desk.campaign, desk.account, register, step):
        raise NotAllowed(f"“{step.label}”不由您的账号办。")
    before = asked.steps.index(step)
    seen = SeenRows(desk.campaign, desk.account, register)
    rows = [
        row
        for row in row_listing.all_rows(desk.connection, seen, RowFilters(period))
        if not (row.ended or row.waiting) and asked.stage(row.state) == before
    ]
    judged = RuledRegister(desk.campaign, register, desk.now.date()).judge(
        desk.connection, [row.values for row in rows], period, [row.state for row in rows]
    )
    moved, left = list[tuple[RegisterRow, list[str]]](), []
    for row, found in zip(rows, judged, strict=True):
        if errors := errors_of(found.problems):
            left.append(LeftRow(row, errors))
            continue
        columns, counted = _counted_anew(row, found.values)
        put = {"state": step.state, "state_reason": None}
        what = {"from": row.state, "to": step.state} | counted
        after = row_store.change(desk, row, row.version, columns | put, MOVE, what)
        moved.append((after, counted.get("fields", [])))
    for after, names in moved:
        row_store.compute_anew(desk, after, names)
    return len(moved), left
