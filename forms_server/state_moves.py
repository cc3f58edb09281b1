"""The table of moves: a record's state transitions, one row each; the roles for each right: ``access``.

Single source for permissions and states (``access``), storage and audit (``records.move_making``), routes, pages and
buttons (``web.records``), bulk actions, inbox and drafts. To add a move: a row here, a template fragment if its page
shows more than fields, tests.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

from checklist.model import Field, FieldType, RecordForm, Stage
from checklist.states import MOVE_NAMES
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
NEW_DEADLINE = Field(
    id="new_deadline",
    label="延到哪一天",
    type=FieldType.DEADLINE,
    required=True,
    max_length=40,
    help="新的整改时限，如“2022年8月28日”。原定的时限仍然留着，看得到第几次延期。",
)
EXTENSION = Field(
    id="reason",
    label="延期原因",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么不能按期改完、现在到哪一步。您提交就是批准，办理经过里有您的姓名和时间。",
)
REOPENING = Field(
    id="reason",
    label="重新打开的理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清现在看到的情况、哪里没有改到位。填报单位的首页会显示这些话，这一条按反弹计。",
)
REQUEST = Field(
    id="reason",
    label="延期原因",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么不能按期改完、现在到哪一步、怎么保证到时改完。批准以前，仍按原来的时限算。",
)
REFUSING = Field(
    id="answer",
    label="不同意的理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么不延、应该怎么办。申请的人会看到这些话。",
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
REOPEN = Move(
    id="reopen",
    name=MOVE_NAMES["reopen"],
    action=Action.REOPEN,
    sources=(State.RECTIFIED, State.CLOSED),
    target=State.RECTIFYING,
    asks={"state_reason": REOPENING},
    heading="重新打开{form}",
    submit="重新打开",
    done="已重新打开{number}，回到正在整改，按反弹计。",
    style="outline-danger",
)
ASK_EXTENSION = Move(
    id="ask_extension",
    name="申请延期",
    action=Action.ASK_EXTENSION,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"new_text": NEW_DEADLINE, "reason": REQUEST},
    heading="申请{form}延期",
    submit="提交申请",
    done="已申请延期{number}，等登记单位的主要负责人或者办公室批准；批准以前仍按原来的时限算。",
    style="outline-secondary",
    request=RequestStep.OPEN,
)
GRANT_EXTENSION = Move(
    id="grant_extension",
    name="批准延期",
    action=Action.EXTEND,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    heading="批准{form}延期",
    submit="批准延期",
    done="已按申请延期{number}，原定的时限和原因都留着。",
    style="success",
    request=RequestStep.GRANT,
)
REFUSE_EXTENSION = Move(
    id="refuse_extension",
    name="不同意延期",
    action=Action.EXTEND,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"answer": REFUSING},
    heading="不同意{form}延期",
    submit="不同意延期",
    done="已答复不同意延期{number}，时限不变，申请的人会看到理由。",
    style="outline-danger",
    request=RequestStep.REFUSE,
)
EXTEND = Move(
    id="extend",
    name="延期",
    action=Action.EXTEND,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"new_text": NEW_DEADLINE, "reason": EXTENSION},
    heading="{form}延期",
    submit="批准延期",
    done="已延期{number}，原定的时限和原因都留着。",
    style="outline-secondary",
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

MOVES: dict[str, Move] = {
    move.id: move
    for move in (
        GRANT_EXTENSION, REFUSE_EXTENSION, REPORT, VERIFY, SEND_BACK, REOPEN, ASK_EXTENSION, EXTEND, WITHDRAW,
    )
}  # fmt: skip
"""By id, in the order of their buttons."""


def moves_from(state: State) -> tuple[Move, ...]:
    """The moves that a state allows, in the order of their buttons."""
    return tuple(move for move in MOVES.values() if state in move.sources)
