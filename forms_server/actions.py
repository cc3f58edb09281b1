"""Actions on a unit's records, in the classes that authorization distinguishes."""

from enum import StrEnum


class Action(StrEnum):
    """An action on a unit's records."""

    FILE = "file"  # a new record
    FIND_AGAIN = "find_again"  # a problem that is recorded already
    VISIT = "visit"  # go through the items at a household, or in the unit's own work
    EDIT = "edit"
    REPORT = "report"  # an issue is reported rectified
    EXTEND = (
        "extend"  # an issue gets another deadline, with a reason; a request for one is granted or refused
    )
    ASK_EXTENSION = "ask_extension"  # another deadline is requested
    TRANSFER = "transfer"  # another unit becomes responsible, or is asked to assist
    TURN_BACK = "turn_back"  # the unit to which it was transferred refuses
    WITHDRAW = "withdraw"
    RESTORE = "restore"  # a withdrawn record counts again
    VERIFY = "verify"  # a rectified issue is closed
    SEND_BACK = "send_back"  # a rectified issue is not accepted
    REOPEN = "reopen"  # an issue that was reported or closed is not rectified after all
    FIND = "find"  # a team files what it found for the unit where it lies
    DECIDE = "decide"  # of a unit's objection to a finding
    ZERO = "zero"  # tick 经排查无问题 for the whole unit
    ZERO_VILLAGE = "zero_village"  # the same for one village
    WRITE_REPORT = "write_report"  # the unit's self-inspection report
    SIGN = "sign"  # the unit's return
    ADD_SCAN = "add_scan"  # of the paper that was signed and sealed
    LIST = "list"  # import the roster of households
    FORGET = "forget"  # how a text of the unit's workbooks is read
    ADOPT = "adopt"  # a unit's reading of a text for all units
    JOIN = "join"  # two records are one
    LINK = "link"  # which household a record is about
    PART = "part"  # two that were joined are two after all
    RECEIVE = "receive"  # a return
    RETURN = "return"  # send a return back
    PLAN = "plan"  # which team inspects which unit when
    DRAW = "draw"  # seal a seed, and draw with it
    SEND_LETTER = "send_letter"  # a circular or an urging letter
    ANSWER_LETTER = "answer_letter"  # for the unit to which it was sent


JUDGING = frozenset({Action.VERIFY, Action.SEND_BACK, Action.REOPEN})
"""Actions that the record's own unit may never perform."""

COLLECTING = frozenset({Action.RECEIVE, Action.RETURN})
"""The office's actions on returns."""

DECIDING = frozenset({Action.JOIN, Action.PART, Action.LINK, Action.ADOPT, Action.RESTORE})
"""The office's decisions on records of any unit."""

SUPERVISING = frozenset({Action.PLAN, Action.DRAW, Action.DECIDE, Action.SEND_LETTER})
"""The office's part in supervision on the spot."""

RECTIFYING = frozenset({Action.REPORT, Action.ASK_EXTENSION})
"""Actions of those who rectify: besides the filing unit, those named as responsible and the place's township."""

OF_UNIT = frozenset(
    {
        Action.ZERO,
        Action.WRITE_REPORT,
        Action.SIGN,
        Action.ADD_SCAN,
        Action.LIST,
        Action.FORGET,
        Action.TRANSFER,
        Action.TURN_BACK,
        Action.ANSWER_LETTER,
    }
)
"""Actions for a whole unit, or towards another one: never by an account bound to one village."""
