"""The forms of the small campaign (``tests.builders``): two ledgers, proposed households, annex 2 and the report."""

from decimal import Decimal

from checklist.model import (
    Choice,
    Condition,
    Field,
    FieldType,
    FilingLine,
    Form,
    RecordForm,
    ReportForm,
    Stage,
    SummaryTable,
    Within,
)


def small_forms() -> tuple[Form, ...]:
    """A form of each kind."""
    household = RecordForm(
        id="household-issues",
        version=1,
        kind="issue",
        subject="household",
        annex="附件1-1",
        name="户内问题",
        title="{unit}问题整改台账(户内问题)",
        blank_unit="_____单位/乡镇",
        purpose="登记落在某一户的问题。",
        filing_lines=(
            FilingLine(id="unit", label="填报单位:"),
            FilingLine(id="filler", label="填报人:"),
            FilingLine(id="date", label="填报时间:"),
        ),
        fields=(_SERIAL, _TOWNSHIP, _VILLAGE, _HOUSEHOLDER, _HOUSEHOLD_TYPE, *_ISSUE, _PEOPLE),
    )
    general = RecordForm(
        id="general-issues",
        version=1,
        kind="issue",
        subject="general",
        annex="附件1-2",
        name="面上问题",
        title="{unit}问题整改台账(面上问题)",
        purpose="登记工作上的问题。",
        fields=(_SERIAL, _LEVEL, *_PLACE_OF_LEVEL, *_ISSUE),
    )
    proposed = RecordForm(
        id="proposed-household",
        version=1,
        kind="household",
        subject="household",
        name="拟识别监测对象",
        title="{unit}拟识别监测对象名单",
        purpose="登记准备识别为监测对象的户。",
        fields=(
            _SERIAL,
            _TOWNSHIP,
            _VILLAGE,
            _HOUSEHOLDER,
            _HOUSEHOLD_TYPE,
            _PEOPLE.model_copy(update={"required": True}),
            Field(id="problem_type", label="主要风险", type=FieldType.PROBLEM_TYPE, required=True),
            Field(id="reason", label="理由", type=FieldType.PARAGRAPH, required=True, max_length=200),
            Field(id="identified_on", label="识别日期", type=FieldType.DATE, required=True, not_future=True),
            Field(
                id="entered_on",
                label="录入日期",
                type=FieldType.DATE,
                column=False,
                not_future=True,
                within=Within(days=15, since="identified_on", waiting="待录入"),
                together=True,
            ),
        ),
    )
    return (household, general, proposed, _summary(), _report())


def _summary() -> SummaryTable:
    return SummaryTable.model_validate(
        {
            "id": "summary",
            "version": 1,
            "kind": "summary",
            "annex": "附件2",
            "name": "整改情况汇总表",
            "title": "{unit}整改情况汇总表",
            "purpose": "由台账汇总而成。",
            "filing_lines": ({"id": "unit", "label": "单位:"}, {"id": "principal", "label": "负责人签字:"}),
            "unit_label": "单位/乡镇",
            "row_label": "问题类型",
            "columns": (
                {"id": "found", "label": "共排查问题数"},
                {"id": "rectified", "label": "已整改数"},
                {"id": "rectifying", "label": "正在整改数"},
                {"id": "proposed_households", "label": "户数", "group": "拟识别监测对象"},
                {"id": "proposed_people", "label": "人数", "group": "拟识别监测对象"},
            ),
            "total_label": "合计",
        }
    )


def _report() -> ReportForm:
    return ReportForm.model_validate(
        {
            "id": "report",
            "version": 1,
            "kind": "report",
            "name": "自查报告",
            "title": "{unit}自查报告",
            "purpose": "总结排查情况。",
            "parts": ({"id": "work", "title": "排查开展情况"}, {"id": "next", "title": "下一步安排"}),
        }
    )


_SERIAL = Field(id="serial", label="序号", type=FieldType.SERIAL)
_TOWNSHIP = Field(id="township", label="镇", type=FieldType.TOWNSHIP)
_VILLAGE = Field(id="village", label="村", type=FieldType.VILLAGE, required=True)
_HOUSEHOLDER = Field(
    id="householder", label="户主姓名", type=FieldType.TEXT, required=True, max_length=30, example="张某某"
)
_HOUSEHOLD_TYPE = Field(
    id="household_type",
    label="户类型",
    type=FieldType.CHOICE,
    required=True,
    choices=(
        Choice(id="tuopin", label="脱贫户", aliases=("脱贫",)),
        Choice(id="bianyuan", label="边缘易致贫户", aliases=("边缘户",)),
        Choice(id="yiban", label="一般农户", aliases=("一般户",)),
    ),
)
_LEVEL = Field(
    id="level",
    label="面上问题层级",
    type=FieldType.CHOICE,
    required=True,
    choices=(
        Choice(id="county", label="县级层面", aliases=("县级",), place="xx 单位"),
        Choice(id="township", label="镇级层面", aliases=("镇级",), place="xx 乡镇"),
        Choice(id="village", label="村级层面", aliases=("村级",), place="xx 乡镇 xx 村"),
    ),
)
_PLACE_OF_LEVEL = (
    Field(
        id="township",
        label="镇",
        type=FieldType.TOWNSHIP,
        required=True,
        column=False,
        when=Condition(field="level", among=("township", "village")),
    ),
    Field(
        id="village",
        label="村",
        type=FieldType.VILLAGE,
        required=True,
        column=False,
        when=Condition(field="level", among=("village",)),
    ),
)
_ISSUE = (
    Field(id="problem_type", label="问题类型", type=FieldType.PROBLEM_TYPE, required=True),
    Field(id="content", label="具体内容", type=FieldType.PARAGRAPH, required=True, max_length=500),
    Field(id="measures", label="整改措施", type=FieldType.PARAGRAPH, max_length=500),
    Field(
        id="responsible_person",
        label="责任人",
        type=FieldType.TEXT,
        required=True,
        group="整改责任",
        max_length=60,
    ),
    Field(
        id="responsible_unit",
        label="责任单位",
        type=FieldType.TEXT,
        group="整改责任",
        max_length=60,
        suggest="responsible-units",
        together=True,
    ),
    Field(
        id="deadline",
        label="整改时限",
        type=FieldType.DEADLINE,
        required=True,
        max_length=40,
        together=True,
    ),
    Field(
        id="outcome",
        label="整改成效",
        type=FieldType.PARAGRAPH,
        required=True,
        stage=Stage.RECTIFIED,
        max_length=500,
    ),
)
OF_EACH_TYPE = (
    Field(
        id="cost",
        label="涉及金额（元）",
        type=FieldType.MONEY,
        column=False,
        header_aliases=("金额",),
        width=16,
    ),
    Field(
        id="power",
        label="装机容量",
        type=FieldType.DECIMAL,
        column=False,
        digits=3,
        unit="千瓦",
        unit_aliases={"兆瓦": Decimal(1000)},
        min_value=Decimal("0.5"),
        max_value=Decimal(5000),
    ),
    Field(
        id="grade",
        label="评分",
        type=FieldType.RATING,
        column=False,
        min_value=Decimal(0),
        max_value=Decimal(5),
    ),
    Field(
        id="score",
        label="得分",
        type=FieldType.RATING,
        column=False,
        min_value=Decimal(0),
        max_value=Decimal(100),
    ),
    Field(id="since", label="发生年月", type=FieldType.MONTH, column=False),
    Field(id="public", label="是否公示", type=FieldType.YESNO, column=False),
    Field(
        id="needs",
        label="需要",
        type=FieldType.CHOICES,
        column=False,
        choices=(
            Choice(id="post", label="岗位推荐", aliases=("推荐岗位",)),
            Choice(id="course", label="技能培训", aliases=("培训",)),
            Choice(id="band", label="1—1.5倍"),
            Choice(id="none", label="无"),
        ),
    ),
    Field(id="family", label="户主", type=FieldType.HOUSEHOLD, column=False),
    Field(id="member", label="成员姓名", type=FieldType.PERSON, column=False),
    Field(id="asset", label="资产编号", type=FieldType.REFERENCE, column=False, refers_to="asset"),
    Field(id="pictures", label="现场照片", type=FieldType.PHOTO, column=False, most_photos=3),
    Field(id="each", label="每户金额（元）", type=FieldType.COMPUTED, column=False, result=FieldType.MONEY),
)
"""A field of each type that the shipped forms do without."""

_PEOPLE = Field(id="people", label="人数", type=FieldType.INTEGER, column=False, min_value=1, max_value=30)
