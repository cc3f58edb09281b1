"""Value classes of visits, their input, and errors."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from checklist.model import Item, RecordForm
from checklist.visit_forms import Groups


class Answer(StrEnum):
    """An answer to an item."""

    FINE = "fine"
    PROBLEM = "problem"
    NOT_APPLICABLE = "not_applicable"


ANSWER_NAMES: Mapping[Answer, str] = {
    Answer.FINE: "无问题",
    Answer.PROBLEM: "有问题",
    Answer.NOT_APPLICABLE: "不适用",
}


class Progress(StrEnum):
    """State of a visit."""

    OPEN = "open"
    FINISHED = "finished"


PROGRESS_NAMES: Mapping[Progress, str] = {Progress.OPEN: "排查中", Progress.FINISHED: "已排查完"}


@dataclass(frozen=True)
class Answered:
    """A stored answer, with the issue created from it.

    Attributes:
        filled_by: the account that answered all that was left of the area at once; None where the item was ticked by
            itself.
        filled_at: when that was stored.
    """

    answer: Answer
    issue_id: str | None = None
    filled_by: str | None = None
    filled_at: datetime | None = None


@dataclass(frozen=True)
class Visit:
    """A stored visit.

    Attributes:
        values: what was asked once, by field id.
        round: the round of visits that it belongs to (``visit_rounds``).
        groups: the items that it asks, by area.
        answers: by item id, those of items that it no longer asks among them.
    """

    id: str
    form: RecordForm
    unit_code: str
    village_code: str | None
    household_id: str | None
    values: Mapping[str, Any] = field(repr=False)
    visited_on: date
    visited_by: str | None
    round: str | None
    state: Progress
    version: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    groups: Groups = field(repr=False)
    answers: Mapping[str, Answered] = field(repr=False)

    @property
    def items(self) -> Sequence[Item]:
        """The items to answer."""
        return [item for _, items in self.groups for item in items]

    @property
    def unanswered(self) -> Sequence[Item]:
        """Items without an answer."""
        return [item for item in self.items if item.id not in self.answers]


@dataclass(frozen=True)
class Start:
    """Input for a new visit; the client-generated id makes resends idempotent."""

    id: str
    form: RecordForm
    values: Mapping[str, Any] = field(repr=False)
    household_id: str | None = None
    made_on: date | None = None
    """The day on which it was made without network, where it arrives later: by then, others may have been there."""


@dataclass(frozen=True)
class SubmittedAnswer:
    """Submitted answer to an item.

    Attributes:
        answer: the answer's id.
        problem: for a problem that is no issue yet, the fields that it has for itself.
        withdraw: why the issue that an earlier answer made is withdrawn; None leaves it as it is.
        same_as: the id of the issue that says the same already; ``DIFFERENT`` where a person said that none does.
        filled: given with all that was left of the area at once.
    """

    answer: Answer
    problem: Mapping[str, Any] | None = field(default=None, repr=False)
    withdraw: str | None = None
    same_as: str = ""
    filled: bool = False


DIFFERENT = "different"
"""The choice that a problem is none of the possible duplicates."""


class VisitConflict(Exception):
    """Optimistic locking: the visit changed since the edited version."""

    def __init__(self, current: Visit) -> None:
        super().__init__(current.id)
        self.current = current


class Unanswered(Exception):
    """Unanswered items prevent finishing the visit; they are in ``items``."""

    def __init__(self, items: Collection[Item]) -> None:
        super().__init__(len(items))
        self.items = tuple(items)
