"""Value classes of records and filings, and the errors of filing and editing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from checklist.model import FieldType, RecordForm, Stage
from checklist.overdue import days_left, due_rule, is_overdue
from checklist.states import is_counted
from forms_server.actions import Action
from forms_server.db.record_columns import TABLES, Row, to_values
from forms_server.editable_states import State


@dataclass(frozen=True)
class Record:
    """A stored record; ``values`` by field id, as parsed by ``checklist.values.judge``."""

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
    """Due date of rectification or entry in the national system; None once a household is entered."""
    rectified_on: date | None = None
    first_deadline: date | None = None
    """The deadline before it was first moved; None where it never was."""
    extensions: int = 0
    extension_asked: bool = False
    """Whether a request for an extension is open."""
    township_code: str | None = None
    reported_by: str | None = None
    """Id of the account that reported it rectified."""
    reporting_unit_code: str | None = None
    household_id: str | None = None
    """The linked household; None if it names none, or the name is ambiguous."""
    finding_number: int | None = None
    """The number under which a team found and filed it; what the finder wrote is fixed."""
    handed_to: str | None = None
    """Code of the unit to which it was transferred, while that one may refuse."""
    rebounds: int = 0
    """How often it was reopened."""

    def overdue(self, today: date) -> bool:
        """Whether it is past its deadline and still open."""
        return is_overdue(self.state, self.deadline, today)

    def days_left(self, today: date) -> int | None:
        """Days until the deadline, negative once past; None if nothing is due."""
        return days_left(self.deadline, today) if self.deadline and is_counted(self.state) else None

    @property
    def sent_back(self) -> bool:
        """Whether it was sent back to its unit; ``state_reason`` has the reason."""
        return self.state is State.RECTIFYING and self.state_reason is not None

    @property
    def editable_stages(self) -> frozenset[Stage]:
        """Stages whose fields are editable; rectification only once reported."""
        return frozenset(Stage) if self.state is State.RECTIFIED else frozenset({Stage.FOUND})


@dataclass(frozen=True)
class Filing:
    """A submitted record, not yet stored.

    Attributes:
        different: confirmed not to be one of the possible duplicates, or another household of the name.
        same_as: id of the existing record of which this is a further finding.
        household_id: the household chosen among namesakes; ``ANOTHER`` for none of them.
        way: channel: form, visit or import.
        action: the right that filing it takes.
        finding_number: of a team's finding.
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
    action: Action = Action.FILE
    finding_number: int | None = None


ANOTHER = "another"
"""The choice of none of the namesake households."""


class EditConflict(Exception):
    """The record exists with other content, or changed since the edited version."""

    def __init__(self, current: Record) -> None:
        super().__init__(current.id)
        self.current = current


def to_record(form: RecordForm, row: Row) -> Record:
    """Build a record from a row of the form's table."""
    rule, columns = due_rule(form), TABLES[form.kind].c
    return Record(
        form=form,
        values=to_values(form, row),
        state=State(row["state"]),
        deadline=rule.due(row) if rule else None,
        extension_asked=bool(row["extension_asked"]) if "extension_asked" in columns else False,
        extensions=(row["extensions"] or 0) if "extensions" in columns else 0,  # None before it was read back
        rebounds=(row["rebounds"] or 0) if "rebounds" in columns else 0,
        **{name: row[name] for name in _SAME if name in columns},
    )


_SAME = (
    "id", "unit_code", "problem_type_id", "township_code", "village_code", "state_reason", "version",
    "household_id", "created_by", "created_at", "changed_at",
    "item_id", "first_deadline", "rectified_on", "reported_by", "reporting_unit_code",
    "finding_number", "handed_to",
)  # fmt: skip
"""Attributes that are columns; a household's record lacks the last ones."""


def changed_fields(form: RecordForm, before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """Return the ids of fields that somebody fills in and whose values differ, in the form's order."""
    return [
        field.id
        for field in form.fields
        if field.type is not FieldType.COMPUTED and before.get(field.id) != after.get(field.id)
    ]
