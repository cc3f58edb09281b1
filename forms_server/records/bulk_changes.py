"""Bulk changes under optimistic locking: each record is checked against the version that was picked."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checklist.model import RecordForm
from checklist.values.judge import before_other
from forms_server.desk import Desk, NotAllowed, NotFound
from forms_server.editable_states import NotNow
from forms_server.move import Move
from forms_server.records import record_rows, record_store
from forms_server.records.extensions import DeadlineFixed
from forms_server.records.locked_findings import SourceReserved
from forms_server.records.move_making import make_move
from forms_server.records.opened_issues import require_opened
from forms_server.records.record import EditConflict, Record


@dataclass(frozen=True)
class Pick:
    """A picked record with the version that was shown."""

    form: RecordForm
    id: str
    version: int


@dataclass(frozen=True)
class BulkOutcome:
    """Outcome for a pick: ``refusal`` is empty on success."""

    pick: Pick
    record: Record | None
    """Current record; None if missing or invisible to the account."""
    refusal: str = ""


Act = Callable[[Desk, Record, int], Record]
"""Idempotent change of a current record, given the version that was shown."""

CHANGED = "您打开之后，这一条又被改过：请打开核对后再办。"
MISSING = "没有这一条，或者不归您办理。"


class Unfit(Exception):
    """The new values do not fit this record; the message is for the user."""


class NotAll(Exception):
    """Some records cannot be changed, so none was."""

    def __init__(self, outcomes: Sequence[BulkOutcome]) -> None:
        super().__init__(sum(bool(outcome.refusal) for outcome in outcomes))
        self.outcomes = tuple(outcomes)


def each(desk: Desk, picks: Sequence[Pick], act: Act) -> list[BulkOutcome]:
    """Change records independently: a refused one does not affect the others."""
    return [_one(desk, pick, act) for pick in picks]


def all_or_none(desk: Desk, picks: Sequence[Pick], act: Act) -> list[BulkOutcome]:
    """Change all records or raise; the caller must then roll back.

    Raises:
        NotAll: with the outcome of each.
    """
    outcomes = each(desk, picks, act)
    if any(outcome.refusal for outcome in outcomes):
        raise NotAll(outcomes)
    return outcomes


def _one(desk: Desk, pick: Pick, act: Act) -> BulkOutcome:
    try:
        current = record_rows.get(desk, pick.form, pick.id)
    except NotFound:
        return BulkOutcome(pick, None, MISSING)
    try:
        return BulkOutcome(pick, act(desk, current, pick.version))
    except EditConflict as error:
        return BulkOutcome(pick, error.current, CHANGED)
    except (NotNow, NotAllowed, Unfit) as error:
        return BulkOutcome(pick, current, str(error))


def moving(move: Move, answers: Mapping[str, Any]) -> Act:
    """Bulk change that makes a move with its answers."""
    return lambda desk, current, version: make_move(desk, move, current, version, answers)


def require_open_eyes(desk: Desk, move: Move, picks: Sequence[Pick]) -> None:
    """Raise TooFewOpened where issues would be closed together of which too few were opened."""
    if move.closes:
        require_opened(desk, {pick.id: pick.version for pick in picks})


def set_fields(desk: Desk, current: Record, base_version: int, values: Mapping[str, Any]) -> Record:
    """Partial update: set some fields of a record, keep all others.

    Raises:
        Unfit: a date would come before the one that it follows, the deadline would be moved, or the source is the
            findings'.
        NotAllowed, NotNow, Conflict: as for ``store.edit``.
    """
    complete = {**current.values, **values}
    for field in current.form.fields:
        problem = before_other(current.form, field, complete) if field.id in values else None
        if problem:
            raise Unfit(problem.message)
    try:
        return record_store.edit(desk, current, base_version, complete)
    except (DeadlineFixed, SourceReserved) as error:
        raise Unfit(error.problem.message) from error
