"""What moves ask for beside a form's own fields: labels, help and limits of the answers."""

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
HANDED_TO = Field(
    id="handed_to",
    label="转给哪个单位",
    type=FieldType.TEXT,
    required=True,
    max_length=60,
    suggest="responsible-units",
    help="写真正负责的单位，有几个的牵头写在前面。原来牵头的单位换下来，协办的单位不变；问题仍计在登记的单位。",
)
HANDING_OVER = Field(
    id="reason",
    label="转办的理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么归那个单位管，如职责分工、文件依据。那个单位会看到这些话，可以退回一次。",
)
TURNING_BACK = Field(
    id="answer",
    label="退回转办的理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么不归本单位管、归谁管。只能退回一次；再转来的就要办。",
)
ASSISTING = Field(
    id="handed_to",
    label="请哪些单位协办",
    type=FieldType.TEXT,
    required=True,
    max_length=60,
    suggest="responsible-units",
    help="写一起负责的单位，可以写几个。牵头的单位不变；协办的单位也能看到这一条、能报告已整改。",
)
ASSISTANCE = Field(
    id="reason",
    label="请协办什么",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清请他们做什么，他们会看到这些话。",
)
RESTORING = Field(
    id="reason",
    label="取回的理由",
    type=FieldType.PARAGRAPH,
    required=True,
    max_length=500,
    help="写清为什么不该撤销。取回以后重新计入汇总；撤销以前已经整改的，也要重新报告已整改。",
)
