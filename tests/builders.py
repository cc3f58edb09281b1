"""Builders that several test folders share: an invented county, small enough to work things out by hand."""

from datetime import date, datetime

from checklist.model import (
    Area,
    Campaign,
    Item,
    Notice,
    ProblemType,
    Reading,
    RecordForm,
    Unit,
    Units,
    Village,
)
from tests.small_forms import OF_EACH_TYPE, small_forms

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
        forms=small_forms(),
        reading=_reading(),
    )


def with_each_type() -> Campaign:
    """The small campaign, whose household issues have a field of each type that no shipped form has."""
    household, *others = small_forms()
    assert isinstance(household, RecordForm)
    more = household.model_copy(update={"fields": (*household.fields, *OF_EACH_TYPE)})
    return small_campaign().model_copy(update={"forms": (more, *others)})


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


def _reading() -> Reading:
    return Reading.model_validate(
        {
            "marks": {"nothing": ("/", "—", "-"), "ditto": ("同上",)},
            "numbers": {"counters": ("个", "户", "人"), "approximate": ("约", "余")},
            "answers": {"yes": ("是", "有", "√"), "no": ("否", "无", "×")},
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
