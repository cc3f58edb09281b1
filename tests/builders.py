"""Builders that several test folders share: an invented county, small enough to work things out by hand."""

from datetime import date, datetime

from checklist.model import (
    Area,
    Campaign,
    Choice,
    Condition,
    Field,
    FieldType,
    FilingLine,
    Form,
    Item,
    Notice,
    ProblemType,
    Reading,
    RecordForm,
    ReportForm,
    Stage,
    SummaryTable,
    Unit,
    Units,
    Village,
    Within,
)

EAST, WEST, WATER, OFFICE = "999001001", "999001002", "shuiliju", "lianxiban"
"""Codes of the units of :func:`small_campaign`: two townships, a county unit and the office."""

EAST_WILLOW, EAST_DAM, EAST_LAKE = "999001001200", "999001001201", "999001001001"
WEST_WILLOW, WEST_BRIDGE = "999001002200", "999001002201"
"""Codes of its villages; both townships have a 柳林村委会."""


def small_campaign() -> Campaign:
    """Two townships with villages, a county unit, two areas with three problem types, and a form of each kind."""
    return Campaign(
        notice=_notice(),
        areas=(_income_area(), _guarantees_area()),
        units=_units(),
        forms=_forms(),
        reading=_reading(),
    )


def _notice() -> Notice:
    return Notice.model_validate(
        {
            "id": "small",
            "name": "青河县小排查",
            "short_name": "小排查",
            "number": "青办〔2022〕9号",
            "title": "关于开展小排查的通知",
            "letterhead": "青河县联席会议办公室文件",
            "issuer": "青河县联席会议办公室",
            "issued": date(2022, 8, 1),
            "county": "青河县",
            "addressees": "各镇、县直有关单位：",
            "preamble": "现将有关事项通知如下：",
            "scope": {"heading": "一、范围", "text": "全县农户。", "objects": ("全县农户",)},
            "tasks": {"heading": "二、任务"},
            "organisation": {"heading": "三、安排"},
            "phases": (
                {
                    "id": "check",
                    "name": "自查阶段",
                    "start": date(2022, 8, 9),
                    "end": date(2022, 8, 31),
                    "period": "8月9日至8月31日",
                    "tasks": ({"id": "check-all", "text": "各镇逐户排查。", "who": (EAST, WEST)},),
                },
            ),
            "deadline": {"at": datetime(2022, 8, 31, 12), "text": "8月31日上午下班前", "what": ("汇总表",)},
            "demands": {"heading": "四、要求"},
            "requirements": ({"id": "lead", "heading": "加强领导", "clauses": ("专人负责。",)},),
            "contact": {"office": "青河县联席会议办公室", "email": "a@example.cn", "phone": "0000000"},
            "annexes": ("问题整改台账", "整改情况汇总表"),
        }
    )


def _income_area() -> Area:
    return Area(
        id="income",
        number=1,
        name="收入变化方面",
        key_check_lead="重点核查",
        look_for_lead="主要看",
        key_checks=(Item(id="income-stable", text="收入是否稳定", subjects=("household",)),),
        items=(Item(id="income-drop", text="收入是否骤减", subjects=("household",)),),
        responsible=(EAST, WEST),
        responsible_text="各镇",
        problem_types=(ProblemType(id="income", name="收入变化方面", aliases=("收入",)),),
    )


def _guarantees_area() -> Area:
    housing = ProblemType(id="housing", name="住房安全", aliases=("住房",))
    water = ProblemType(id="water", name="饮水安全", annex_name="安全饮水", aliases=("饮水",))
    return Area(
        id="guarantees",
        number=2,
        name="住房和饮水安全方面",
        key_check_lead="重点核查",
        look_for_lead="主要看",
        key_checks=(Item(id="guarantees-clear", text="问题是否清零", subjects=("household", "general")),),
        items=(
            Item(id="house-safe", text="房屋是否安全", subjects=("household",), problem_type="housing"),
            Item(id="water-enough", text="供水是否充足", subjects=("household",), problem_type="water"),
        ),
        responsible=(WATER, EAST, WEST),
        responsible_text="县水利局，各镇",
        problem_types=(housing, water),
    )


def _units() -> Units:
    east = (
        Village(code=EAST_LAKE, name="湖滨社区居民委员会"),
        Village(code=EAST_WILLOW, name="柳林村委会"),
        Village(code=EAST_DAM, name="上坝村委会", aliases=("大坝村",)),
    )
    west = (Village(code=WEST_WILLOW, name="柳林村委会"), Village(code=WEST_BRIDGE, name="石桥村村委会"))
    return Units(
        office=Unit(code=OFFICE, name="青河县联席会议办公室"),
        townships=(
            Unit(code=EAST, name="东河镇", full_name="青河县东河镇人民政府", villages=east),
            Unit(code=WEST, name="西岭镇", aliases=("西岭乡",), villages=west),
        ),
        county_units=(Unit(code=WATER, name="县水利局", aliases=("水利局",)),),
    )


def _forms() -> tuple[Form, ...]:
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


def _reading() -> Reading:
    return Reading.model_validate(
        {
            "marks": {"nothing": ("/", "—", "-"), "ditto": ("同上",)},
            "numbers": {"counters": ("个", "户", "人"), "approximate": ("约", "余")},
            "dates": {"before": ("截至",), "after": ("上午", "下午")},
            "deadlines": {
                "immediate": ("立行立改",),
                "ongoing": ("长期坚持",),
                "joins": ("并", ",", "、"),
                "endings": ("前", "完成"),
                "parts_of_month": ({"words": ("中旬",), "until": 20}, {"words": ("底",), "until": 31}),
                "parts_of_year": ({"words": ("年底",), "until": 12},),
                "periods": ("天", "日", "周"),
                "events": ("后评估",),
            },
            "outcomes": {
                "not_a_problem": ("不属实",),
                "deferred": ("待县级",),
                "rectifying": ("未整改", "正在整改"),
                "rectified": ("已整改", "已完成"),
                "beside": ("通水", "已换瓦", "已上岗"),
            },
            "names": {
                "villages": ("村民委员会", "村委会", "行政村", "村"),
                "communities": ("社区居民委员会", "居委会", "社区"),
                "townships": ("镇人民政府", "镇", "乡"),
                "counties": ("青河县",),
                "endings": ("方面",),
                "notes": ("已消除",),
                "several": ("等", "、"),
            },
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
_PEOPLE = Field(id="people", label="人数", type=FieldType.INTEGER, column=False, min_value=1, max_value=30)
