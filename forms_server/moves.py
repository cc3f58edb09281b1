"""The moves of a record: what changes its state, one row each.

Everything else asks this table: who may and from which state (``access``), what is written and audited
(``records.move_making``), addresses, pages and buttons (``web.records``), what is done to many at once, what the inbox
offers, which drafts there are. To add a move: a row here, a fragment for its page if it shows more than fields, tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from checklist.model import Field, FieldType, RecordForm, Stage
from checklist.states import MOVE_NAMES
from forms_server.actions import JUDGING, Action
from forms_server.lifecycle import NotNow, State


@dataclass(frozen=True, eq=False)
class Move:
    """One move; a row is equal to itself only."""

    id: str
    """The word for it in the audit, in a draft's key and in its route's name."""
    name: str
    """What people call it: on the button that leads to it, in a record's history."""
    action: Action
    """The right that it needs."""
    sources: tuple[State, ...]
    """The states that it can be made from."""
    target: State
    """The state that it leads to."""
    heading: str
    """Of its page; ``{form}`` is the form's name."""
    submit: str
    """The words on its page's button."""
    done: str
    """What is told once it was made; ``{number}`` is how many records it was made of, empty for one."""
    style: str
    """Of its buttons: what stands behind ``btn-`` in elements.css."""
    stage: Stage | None = None
    """The stage of the form whose fields it asks for."""
    asks: Mapping[str, Field] = field(default_factory=dict)
    """What it asks for besides, by the record's column that keeps the answer."""
    photos: bool = False
    """Whether photographs of what was done are sent along."""
    fragment: str = ""
    """The template of what its page shows between the fields and the button."""
    last: bool = False
    """Whether it ends a record rather than leading it on: its button comes after the others, and smaller."""
    together: bool = False
    """Whether it can be made of many records of a ledger at once."""
    together_note: str = ""
    """What to mind when doing so."""
    inbox: bool = False
    """Whether it is offered beside what waits to be verified."""

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
        """Whether it judges what somebody else has reported."""
        return self.action in JUDGING

    @property
    def at_once(self) -> bool:
        """Whether there is nothing to ask, so that one tap makes it."""
        return not (self.stage or self.asks or self.photos)

    def fields(self, form: RecordForm) -> tuple[Field, ...]:
        """What it asks for, of a record of that form."""
        return (*self._own(form), *self.asks.values())

    def known(self, form: RecordForm, values: Mapping[str, Any]) -> dict[str, Any]:
        """What those of its fields that are the form's own hold already."""
        return {each.id: values[each.id] for each in self._own(form) if each.id in values}

    def _own(self, form: RecordForm) -> tuple[Field, ...]:
        return tuple(each for each in form.fields if each.stage is self.stage)

    def usual(self, today: date) -> dict[str, date]:
        """What its fields hold before anybody has typed: most report on the day on which it was done."""
        return {each.id: today for each in self.asks.values() if each.not_future}

    def after(self, state: State) -> State:
        """The state of a record once it was made.

        Raises:
            NotNow: that state does not allow it.
        """
        if state not in self.sources:
            raise NotNow(state, self.name)
        return self.target

    def told(self, number: int | None = None) -> str:
        """The sentence for one record, or for a number of them."""
        return self.done.format(number="" if number is None else f" {number} 条")


RECTIFIED_ON = Field(
    id="rectified_on",
    label="整改完成日期",
    type=FieldType.DATE,
    required=True,
    not_future=True,
    help="哪一天改到位的，不能晚于今天。",
)
WITHDRAWAL = Field(
    id="reason",
    label="撤销理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么撤销，如重复登记、登记有误。撤销后仍保留备查，不再计入汇总。",
)
SENDING_BACK = Field(
    id="reason",
    label="退回理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清哪里没有改到位、还要补什么。填报单位的首页会显示这些话。",
)

REPORT = Move(
    id="report",
    name=MOVE_NAMES["report"],
    action=Action.REPORT,
    sources=(State.RECTIFYING,),
    target=State.RECTIFIED,
    stage=Stage.RECTIFIED,
    asks={"rectified_on": RECTIFIED_ON},
    photos=True,
    fragment="records/_photos_after.html",
    heading="报告已整改",
    submit="报告已整改",
    done="已报告整改完成{number}，等待销号。",
    style="success",
    together=True,
    together_note="这些话和日期会写进下面勾着的每一条；各条整改情况不一样的，请分开报。照片请打开各条添加。",
)
VERIFY = Move(
    id="verify",
    name=MOVE_NAMES["verify"],
    action=Action.VERIFY,
    sources=(State.RECTIFIED,),
    target=State.CLOSED,
    heading="销号",
    submit="确认销号",
    done="已销号{number}。",
    style="success",
    together=True,
    inbox=True,
)
SEND_BACK = Move(
    id="send_back",
    name=MOVE_NAMES["send_back"],
    action=Action.SEND_BACK,
    sources=(State.RECTIFIED,),
    target=State.RECTIFYING,
    asks={"state_reason": SENDING_BACK},
    heading="退回{form}",
    submit="退回",
    done="已退回{number}，填报单位会看到理由。",
    style="outline-danger",
    together=True,
    inbox=True,
)
WITHDRAW = Move(
    id="withdraw",
    name=MOVE_NAMES["withdraw"],
    action=Action.WITHDRAW,
    sources=(State.RECTIFYING, State.RECTIFIED, State.CLOSED, State.PROPOSED),
    target=State.WITHDRAWN,
    asks={"state_reason": WITHDRAWAL},
    heading="撤销{form}",
    submit="撤销这一条",
    done="已撤销{number}：保留备查，不再计入汇总。",
    style="outline-danger",
    last=True,
    together=True,
)

MOVES: dict[str, Move] = {move.id: move for move in (REPORT, VERIFY, SEND_BACK, WITHDRAW)}
"""By id, in the order of their buttons."""


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that a state allows, in the order of their buttons."""
    return tuple(move for move in MOVES.values() if state in move.sources)
