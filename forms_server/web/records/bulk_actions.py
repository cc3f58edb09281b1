"""Bulk actions on a ledger: setting a few fields, and the moves that allow it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import g

from checklist.model import Field, FieldType, RecordForm, Stage
from forms_server.access import Action, allowed
from forms_server.desk import Desk
from forms_server.editable_states import may_edit
from forms_server.move import Move
from forms_server.records.bulk_changes import Act, moving, set_fields
from forms_server.records.record import Record
from forms_server.state_moves import MOVES
from forms_server.web.records.requested_record import may

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """A bulk action."""

    id: str
    """Identifier in URLs; also the route name of its page for one record."""
    action: Action
    """Required permission."""
    name: Callable[[RecordForm], str]
    """Label of its button."""
    fields: Callable[[RecordForm], tuple[Field, ...]]
    """Its fields."""
    suits: Callable[[Record], bool]
    """Whether a record's state allows it."""
    act: Callable[[Values], Act]
    told: Callable[[int], str]
    """Flash message with the number of records."""
    style: str
    """Of the button: what stands behind ``btn-`` in elements.css."""
    note: str = ""
    move: Move | None = None
    """Its move; None for a plain edit of fields."""

    def possible(self, record: Record) -> bool:
        """Whether the action is available to the account for this record."""
        return self.suits(record) and may(self.action, record)


def _set_together(form: RecordForm) -> tuple[Field, ...]:
    return tuple(field for field in form.fields if field.together)


def _optional(form: RecordForm) -> tuple[Field, ...]:
    return tuple(field.model_copy(update={"required": False}) for field in _set_together(form))


def _edit(values: Values) -> Act:
    def act(desk: Desk, current: Record, version: int) -> Record:
        return set_fields(desk, current, version, values)

    return act


EDIT = Deed(
    id=Action.EDIT.value,
    action=Action.EDIT,
    name=lambda form: "统一填" + "、".join(field.label for field in _set_together(form)),
    fields=_optional,
    suits=lambda record: bool(_set_together(record.form)) and may_edit(record.state),
    act=_edit,
    told="已修改 {} 条。".format,
    style="outline-secondary",
    note="只填要改的；空着的栏目，各条照原样不动。",
)


def _of_move(move: Move) -> Deed:
    return Deed(
        id=move.id,
        action=move.action,
        name=lambda form: move.name,
        fields=move.fields,
        suits=lambda record: record.state in move.sources,
        act=lambda values: moving(move, values),
        told=move.told,
        style=move.style,
        note=move.together_note,
        move=move,
    )


def deeds() -> dict[str, Deed]:
    """Bulk actions by id, in the order of their buttons: edits before terminal moves."""
    moves = [move for move in MOVES.values() if move.together]
    leading = (_of_move(move) for move in moves if not move.last)
    ending = (_of_move(move) for move in moves if move.last)
    return {deed.id: deed for deed in (*leading, EDIT, *ending)}


def offered(form: RecordForm) -> list[Deed]:
    """Bulk actions that the account's role allows on that form."""
    role = g.account.role
    return [
        deed
        for deed in deeds().values()
        if allowed(role, f"records.{deed.id}", "POST") and (deed.move or _set_together(form))
    ]


def long_text(form: RecordForm) -> list[Field]:
    """The one long text that a record is known by, if its form has any."""
    long = [
        field for field in form.fields if field.type is FieldType.PARAGRAPH and field.stage is Stage.FOUND
    ]
    return long[:1]


def shown(form: RecordForm) -> list[Field]:
    """The fields that a record is judged by before something is done to all of them."""
    return [field for field in form.fields if field.together or field.stage is Stage.RECTIFIED]
