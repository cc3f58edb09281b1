"""A record, what is handed in to make or change one, and what can come in the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from checklist.model import RecordForm, Stage
from checklist.overdue import days_left, due_rule, is_overdue
from checklist.states import is_counted
from forms_server.db.record_columns import Row, to_values
from forms_server.editable_states import State


@dataclass(frozen=True)
class Record:
    """A record as it is stored; ``values`` by field id, as ``checklist.values.judge`` makes them."""

    id: str
    form: RecordForm
    unit_code: str
    problem_type_id: str
    village_code: str | None
    values: Mapping[str, Any] = field(repr=False)
    state: State
    state_reason: str | None
    version: int
    created_by: str
    created_at: datetime
    changed_at: datetime
    item_id: str | None = None
    deadline: date | None = None
    """By when it is to be rectified, or entered in the system; None once a household has been entered."""
    rectified_on: date | None = None
    household_id: str | None = None
    """The household that it is about; None where it names none, or where several could be meant."""

    def overdue(self, today: date) -> bool:
        """Whether the deadline is past and nothing has been done: not rectified, not entered."""
        return is_overdue(self.state, self.deadline, today)

    def days_left(self, today: date) -> int | None:
        """How many days there are until the deadline, less than 0 once it is past; None where nothing waits for it."""
        return days_left(self.deadline, today) if self.deadline and is_counted(self.state) else None

    @property
    def sent_back(self) -> bool:
        """Whether it waits for its unit to do better; ``state_reason`` says why."""
        return self.state is State.RECTIFYING and self.state_reason is not None

    @property
    def editable_stages(self) -> frozenset[Stage]:
        """The stages whose fields an edit covers: those of rectification only once it was reported."""
        return frozenset(Stage) if self.state is State.RECTIFIED else frozenset({Stage.FOUND})


@dataclass(frozen=True)
class Filing:
    """A record as it is handed in.

    Attributes:
        different: it is none of the records that may say the same: another problem, or another household of the name.
        same_as: the id of the record that says the same already: what is handed in is a further finding of it.
        household_id: the household that a person chose among several of that name; ``ANOTHER`` for none of them.
        way: how it came: form, visit or import.
    """

    id: str
    form: RecordForm
    unit_code: str
    values: Mapping[str, Any] = field(repr=False)
    item_id: str | None = None
    different: bool = False
    same_as: str | None = None
    household_id: str | None = None
    way: str = "form"


ANOTHER = "another"
"""What a person chooses where a household is none of those of its name."""


class EditConflict(Exception):
    """The record is already there with other content, or was changed since the version that was edited."""

    def __init__(self, current: Record) -> None:
        super().__init__(current.id)
        self.current = current


def to_record(form: RecordForm, row: Row) -> Record:
    """A row of the form's table as a record."""
    rule = due_rule(form)
    own = ("id", "unit_code", "problem_type_id", "village_code", "state_reason", "version", "household_id")
    stamps = ("created_by", "created_at", "changed_at")
    issue_only = (name for name in ("item_id", "rectified_on") if name in row)
    return Record(
        form=form,
        values=to_values(form, row),
        state=State(row["state"]),
        deadline=rule.due(row) if rule else None,
        **{name: row[name] for name in (*own, *stamps, *issue_only)},
    )


def changed_fields(form: RecordForm, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """The ids of the fields whose values differ, in the form's order."""
    return [field.id for field in form.fields if before.get(field.id) != after.get(field.id)]
