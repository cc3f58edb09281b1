"""The table of moves: a record's state transitions, one row each; the roles for each right: ``access``.

Single source for permissions and states (``access``), storage and audit (``records.move_making``), routes, pages and
buttons (``web.records``), bulk actions, inbox and drafts. To add a move: a row here, a template fragment if its page
shows more than fields, tests.
"""

from dataclasses import replace

from checklist.model import Stage
from checklist.states import MOVE_NAMES
from forms_server.actions import Action
from forms_server.editable_states import State
from forms_server.move import Move, RequestStep, TransferStep
from forms_server.move_fields import (
    ASSISTANCE,
    ASSISTING,
    EXTENSION,
    HANDED_TO,
    HANDING_OVER,
    NEW_DEADLINE,
    RECTIFIED_ON,
    REFUSING,
    REOPENING,
    REQUEST,
    RESTORING,
    SENDING_BACK,
    TURNING_BACK,
    WITHDRAWAL,
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

HAND_OVER = Move(
    id="transfer",
    name="转办",
    action=Action.TRANSFER,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"handed_to": HANDED_TO, "reason": HANDING_OVER},
    heading="转办{form}",
    submit="转办",
    done="已转办{number}：新的责任单位能看到、能报告已整改，也可以写明理由退回一次。",
    style="outline-secondary",
    transfer=TransferStep.HAND_OVER,
)
TURN_BACK = Move(
    id="turn_back",
    name="退回转办",
    action=Action.TURN_BACK,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"answer": TURNING_BACK},
    heading="退回转办的{form}",
    submit="退回转办",
    done="已退回转办{number}，仍由原来的责任单位负责，转办的人会看到理由。",
    style="outline-danger",
    transfer=TransferStep.TURN_BACK,
)
ASSIST = Move(
    id="assist",
    name="请协办",
    action=Action.TRANSFER,
    sources=(State.RECTIFYING,),
    target=State.RECTIFYING,
    asks={"handed_to": ASSISTING, "reason": ASSISTANCE},
    heading="请别的单位协办{form}",
    submit="请协办",
    done="已请协办{number}，协办的单位能看到这一条、能报告已整改。",
    style="outline-secondary",
    transfer=TransferStep.ASSIST,
)
RESTORE = Move(
    id="restore",
    name="取回",
    action=Action.RESTORE,
    sources=(State.WITHDRAWN,),
    target=State.RECTIFYING,
    asks={"state_reason": RESTORING},
    heading="取回已撤销的{form}",
    submit="取回",
    done="已取回{number}，回到正在整改，重新计入汇总。",
    style="outline-secondary",
    kind="issue",
)
RESTORE_HOUSEHOLD = replace(
    RESTORE,
    id="restore_household",
    target=State.PROPOSED,
    done="已取回{number}，重新计入汇总。",
    kind="household",
)

MOVES: dict[str, Move] = {
    move.id: move
    for move in (
        GRANT_EXTENSION, REFUSE_EXTENSION, REPORT, VERIFY, SEND_BACK, REOPEN, ASK_EXTENSION, EXTEND,
        TURN_BACK, HAND_OVER, ASSIST, RESTORE, RESTORE_HOUSEHOLD, WITHDRAW,
    )
}  # fmt: skip
"""By id, in the order of their buttons."""


def moves_from(state: State, kind: str) -> tuple[Move, ...]:
    """The moves that a state allows to records of a kind, in the order of their buttons."""
    return tuple(move for move in MOVES.values() if state in move.sources and move.kind in {"", kind})
