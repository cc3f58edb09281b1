"""What a move of a record asks for besides the form's own fields, wherever it is made from."""

from checklist.model import Field, FieldType

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
