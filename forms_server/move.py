"""A row of the table of moves: what one move needs, asks and does."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from checklist.model import Field, RecordForm, Stage
from forms_server.actions import JUDGING, Action
from forms_server.editable_states import NotNow, State


class RequestStep(Enum):
    """What a move does with a request for an extension; ``records.extension_requests`` keeps them."""

    OPEN = "open"
    """Makes one, where none is open."""
    GRANT = "granted"
    """Ends the open one with the deadline that it asks for."""
    REFUSE = "refused"
    """Ends the open one; the deadline stays."""


class TransferStep(Enum):
    """What a move does with the responsible units; ``records.transfers`` keeps them."""

    HAND_OVER = "transfer"
    """Puts another unit in the lead's place; that one may refuse once."""
    TURN_BACK = "turn_back"
    """Refuses: the former lead is back."""
    ASSIST = "assist"
    """Adds units beside the lead."""


@dataclass(frozen=True, eq=False)
class Move:
    """One move; a row is equal to itself only."""

    id: str
    """Identifier in the audit, in draft keys and in route names."""
    name: str
    """Label of its button and in a record's history."""
    action: Action
    """Required permission."""
    sources: tuple[State, ...]
    """Source states."""
    target: State
    """Target state."""
    heading: str
    """Of its page; ``{form}`` is the form's name."""
    submit: str
    """Label of the submit button on its page."""
    done: str
    """Flash message afterwards; ``{number}`` is the number of records, empty for one."""
    style: str
    """Of its buttons: what stands behind ``btn-`` in elements.css."""
    stage: Stage | None = None
    """Form stage with its fields."""
    asks: Mapping[str, Field] = field(default_factory=dict)
    """Extra fields, by the record's column for the answer."""
    photos: bool = False
    """Whether photographs can be attached."""
    fragment: str = ""
    """Template fragment between the fields and the button."""
    last: bool = False
    """Whether it is terminal: its button comes last, and smaller."""
    together: bool = False
    """Whether it is available as a bulk action on a ledger."""
    together_note: str = ""
    """Warning on the bulk page."""
    inbox: bool = False
    """Whether the inbox offers it."""
    request: RequestStep | None = None
    """What it does with a request for an extension. Any other move to another state ends an open one."""
    transfer: TransferStep | None = None
    """What it does with the responsible units. Any other move to another state ends the right to refuse."""
    kind: str = ""
    """Which kind of records has it, where their states alone do not say so."""

    @property
    def extends(self) -> bool:
        """Whether it moves the deadline: ``records.extensions`` says what becomes of its answers."""
        return self.action is Action.EXTEND and self.request is not RequestStep.REFUSE

    @property
    def of_deadline(self) -> bool:
        """Whether it is about a deadline, so that an issue without one has no use for it."""
        return self.action in {Action.EXTEND, Action.ASK_EXTENSION}

    @property
    def reports(self) -> bool:
        """Whether its maker and his unit are written down as those who rectified: they do not verify."""
        return self.action is Action.REPORT

    @property
    def closes(self) -> bool:
        """Whether issues are closed by it: it is noted whether they had been opened."""
        return self.target is State.CLOSED

    @property
    def reopens(self) -> bool:
        """Whether it is counted as a rebound: what was rectified is not."""
        return self.action is Action.REOPEN

    @property
    def endpoint(self) -> str:
        """The name of its route."""
        return f"records.{self.id}"

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.id.replace("_", "-")

    @property
    def judges(self) -> bool:
        """Whether it verifies another unit's report."""
        return self.action in JUDGING

    @property
    def at_once(self) -> bool:
        """Whether it has no fields, so that one tap makes it."""
        return not (self.stage or self.asks or self.photos)

    def fields(self, form: RecordForm) -> tuple[Field, ...]:
        """Its fields for a record of that form."""
        return (*self._own(form), *self.asks.values())

    def known(self, form: RecordForm, values: Mapping[str, Any]) -> dict[str, Any]:
        """Stored values of its fields."""
        return {each.id: values[each.id] for each in self._own(form) if each.id in values}

    def _own(self, form: RecordForm) -> tuple[Field, ...]:
        return tuple(each for each in form.fields if each.stage is self.stage)

    def usual(self, today: date) -> dict[str, date]:
        """Default values of its fields: rectification is mostly reported on the same day."""
        return {each.id: today for each in self.asks.values() if each.not_future}

    def after(self, state: State) -> State:
        """State of a record after the move.

        Raises:
            NotNow: that state does not allow it.
        """
        if state not in self.sources:
            raise NotNow(state, self.name)
        return self.target

    def told(self, number: int | None = None) -> str:
        """Return the success message for a number of records."""
        return self.done.format(number="" if number is None else f" {number} 条")
