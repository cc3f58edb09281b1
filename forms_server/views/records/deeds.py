"""What can be done to many records of a ledger at once: what each asks for, which records it suits, how it is done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import g

from checklist.model import Field, FieldType, RecordForm, Stage
from forms_server.access import Action, allowed
from forms_server.lifecycle import MOVE_NAMES, Move, may_edit, moves_from
from forms_server.records import moves
from forms_server.records.asked import RECTIFIED_ON, SENDING_BACK, WITHDRAWAL
from forms_server.records.record import Desk, Record
from forms_server.records.together import Act, set_fields
from forms_server.views.records.common import may

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Deed:
    """One thing that can be done to many records."""

    action: Action
    name: Callable[[RecordForm], str]
    """The words on its button."""
    fields: Callable[[RecordForm], tuple[Field, ...]]
    """What it asks for."""
    suits: Callable[[Record], bool]
    """Whether a record's state allows it."""
    act: Callable[[Values], Act]
    done: str
    """What is told once it is done; ``{number}`` is how many records it was done to."""
    style: str
    """Of the button: what stands behind ``btn-`` in elements.css."""
    note: str = ""

    def possible(self, record: Record) -> bool:
        """Whether the signed-in account can do this to the record now."""
        return self.suits(record) and may(self.action, record)


def _set_together(form: RecordForm) -> tuple[Field, ...]:
    return tuple(field for field in form.fields if field.together)


def _optional(form: RecordForm) -> tuple[Field, ...]:
    return tuple(field.model_copy(update={"required": False}) for field in _set_together(form))


def _reported(form: RecordForm) -> tuple[Field, ...]:
    return (*(field for field in form.fields if field.stage is Stage.RECTIFIED), RECTIFIED_ON)


def _edit(values: Values) -> Act:
    def act(desk: Desk, current: Record, version: int) -> Record:
        return set_fields(desk, current, version, values)

    return act


def _report(values: Values) -> Act:
    told = dict(values)
    day = told.pop(RECTIFIED_ON.id)
    assert isinstance(day, date)

    def act(desk: Desk, current: Record, version: int) -> Record:
        return moves.report(desk, current, version, told, day)

    return act


def _with_reason(make: Callable[[Desk, Record, int, str], Record], field: Field) -> Callable[[Values], Act]:
    def prepare(values: Values) -> Act:
        reason = str(values[field.id])
        return lambda desk, current, version: make(desk, current, version, reason)

    return prepare


def _moves(name: Move) -> Callable[[Record], bool]:
    return lambda record: name in moves_from(record.state)


_ALL = (
    Deed(
        action=Action.REPORT,
        name=lambda form: "报告已整改",
        fields=_reported,
        suits=_moves(Move.REPORT),
        act=_report,
        done="已报告整改完成 {number} 条，等待销号。",
        style="success",
        note="这些话和日期会写进下面勾着的每一条；各条整改情况不一样的，请分开报。照片请打开各条添加。",
    ),
    Deed(
        action=Action.EDIT,
        name=lambda form: "统一填" + "、".join(field.label for field in _set_together(form)),
        fields=_optional,
        suits=lambda record: bool(_set_together(record.form)) and may_edit(record.state),
        act=_edit,
        done="已修改 {number} 条。",
        style="outline-secondary",
        note="只填要改的；空着的栏目，各条照原样不动。",
    ),
    Deed(
        action=Action.VERIFY,
        name=lambda form: MOVE_NAMES[Move.VERIFY],
        fields=lambda form: (),
        suits=_moves(Move.VERIFY),
        act=lambda values: moves.verify,
        done="已销号 {number} 条。",
        style="success",
    ),
    Deed(
        action=Action.SEND_BACK,
        name=lambda form: MOVE_NAMES[Move.SEND_BACK],
        fields=lambda form: (SENDING_BACK,),
        suits=_moves(Move.SEND_BACK),
        act=_with_reason(moves.send_back, SENDING_BACK),
        done="已退回 {number} 条，填报单位会看到理由。",
        style="outline-danger",
    ),
    Deed(
        action=Action.WITHDRAW,
        name=lambda form: MOVE_NAMES[Move.WITHDRAW],
        fields=lambda form: (WITHDRAWAL,),
        suits=_moves(Move.WITHDRAW),
        act=_with_reason(moves.withdraw, WITHDRAWAL),
        done="已撤销 {number} 条：保留备查，不再计入汇总。",
        style="outline-danger",
    ),
)  # fmt: skip

DEEDS: Mapping[Action, Deed] = {deed.action: deed for deed in _ALL}
"""By what it does to each record, in the order of their buttons."""


def offered(form: RecordForm) -> list[Deed]:
    """What the signed-in account's role may ever do to records of that form, one by one and so together, too."""
    role = g.account.role
    return [
        deed
        for deed in DEEDS.values()
        if allowed(role, f"records.{deed.action.value}", "POST")
        and (deed.action is not Action.EDIT or _set_together(form))
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
