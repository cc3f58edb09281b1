"""The shipped campaign's annexes, in the headers and words that townships were seen to use."""

from datetime import date
from pathlib import Path

import pytest

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.ledger_recognition import HeaderFinder
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from checklist.values.judge import Context
from tests.ledgers.books import complaints, described, sheet

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"


@pytest.fixture(scope="module")
def shipped() -> Campaign:
    return load_campaign(SHIPPED)


@pytest.fixture(scope="module")
def dingli(shipped: Campaign) -> Context:
    unit = next(unit for unit in shipped.units.townships if unit.name == "丁里镇")
    return Context(shipped, unit, date(2022, 8, 19))


def read(table: str, context: Context, name: str = "Sheet1") -> LedgerBook:
    return read_book([sheet(table, name)], context, "李某")


SEEN_HEADERS = {
    "serial": ["序号", "编号"],
    "township": ["乡镇", "镇", "乡镇（街道）"],
    "village": ["村", "行政村", "村（居）"],
    "householder": ["户主", "户主姓名", "姓名"],
    "household_type": ["户类型 (脱贫户、边缘易致贫户、一般农户)", "户类型", "农户类型", "户属性"],
    "problem_type": [
        "问题类型",
        "问题类别",
        "所属方面",
        "保障类别",
        "“三保障”类别",
        "问题分类",
        "问题所属类型",
    ],
    "content": ["具体内容", "具体问题", "存在问题", "问题描述"],
    "measures": ["整改措施", "整改举措"],
    "responsible_person": ["责任人", "整改责任/责任人"],
    "responsible_unit": ["责任单位", "牵头单位", "责任单位（责任人）"],
    "deadline": ["整改时限", "完成时限", "整改期限"],
    "outcome": ["整改成效", "整改情况", "完成情况", "整改进展", "是否完成"],
}


@pytest.mark.parametrize(
    ("field", "words"), [(field, words) for field, seen in SEEN_HEADERS.items() for words in seen]
)
def test_every_header_that_was_seen_is_known(shipped: Campaign, field: str, words: str) -> None:
    others = [seen[0] for name, seen in SEEN_HEADERS.items() if name != field]
    header = HeaderFinder(shipped).find([(1, [words, *others])], [])
    assert header
    assert header.columns[field] == 0
    assert header.form.id == "annex-1-1"


def test_columns_that_were_seen_and_mean_nothing_are_named(shipped: Campaign) -> None:
    header = HeaderFinder(shipped).find(
        [(1, [*(seen[0] for seen in SEEN_HEADERS.values()), "备注", "是否脱贫"])], []
    )
    assert header
    assert header.unread == ("备注", "是否脱贫")


HOUSEHOLD = """
    丁里镇集中排查“回头看”专项行动问题整改台账(户内问题)
    填报单位(盖章):丁里镇乡村振兴工作站||||填报人:王某||填报时间:8月19日
    序号|镇|村|户主姓名|户类型 (脱贫户、边缘易致贫户、一般农户)|问题类型|具体内容|整改措施|整改责任|<|整改时限|整改成效
    ^|^|^|^|^|^|^|^|责任人|责任单位|^|^
    ①|丁里|河头|张某某|边缘户|住房|西屋山墙有裂缝约2厘米，没鉴定。|请县住建局来鉴定，再定方案。|村书记王某|县住建局|８月２５日前|
    2、|〃|河头村委会|李某|建档立卡脱贫户|安全饮水|自来水中午常停。|水厂调整供水时间。|赵某|水厂|立行立改|√ 8.18
    （3）|||周某|一般户|环境卫生|院里柴草杂物堆放乱。|组织公益岗清理庭院。|郑某|河头村|2022.8.9—2022.9.10|已整改，待销号
    4||||||||||||
    注：户类型按系统填写。
"""


def test_annex_1_1_as_a_township_fills_it_in(shipped: Campaign, dingli: Context) -> None:
    book = read(HOUSEHOLD, dingli, "河头村")
    assert described(book, shipped) == [
        "河头村!A5 丁里镇 河头村委会 张某某 边缘易致贫户 住房安全 西屋山墙有裂缝约2厘米，没鉴定。 请县住建局来鉴定，再定方案。 "
        "村书记王某 县住建局 ８月２５日前 自查 王某 [正在整改]",
        "河头村!A6 丁里镇 河头村委会 李某 脱贫户 饮水安全 自来水中午常停。 水厂调整供水时间。 赵某 水厂 立行立改 √ 8.18 自查 王某 [已整改]",
        "河头村!A7 丁里镇 河头村委会 周某 一般农户 人居环境整治方面 院里柴草杂物堆放乱。 组织公益岗清理庭院。 郑某 河头村 "
        "2022.8.9—2022.9.10 已整改，待销号 自查 王某 [已整改]",
    ]
    assert complaints(book) == ["河头村!K7 date-assumed?"]


@pytest.mark.parametrize("filler", ["无", "/", "同上", "____", "xx", ""])
def test_the_importer_is_the_default_finder(shipped: Campaign, dingli: Context, filler: str) -> None:
    book = read(HOUSEHOLD.replace("填报人:王某", f"填报人:{filler}"), dingli, "河头村")
    assert [entry.values["found_by"] for entry in book.entries] == ["李某"] * 3
    assert complaints(book) == ["河头村!K7 date-assumed?"]


GENERAL = """
    序号|面上问题层级|问题类型|具体内容|整改措施|整改责任|<|整改时限|整改成效
    ^|^|^|^|^|责任人|责任单位|^|^
    1|县级层面（xx 单位）|||||||
    2|镇级层面（丁里镇）|资金项目管理|资产台账缺两列。|补齐。|王某|丁里镇|8月底前|
    3|村级层面（丁里镇河头村）|产业发展方面|光伏收益公示只贴到4月。|补公示。|李某|河头村|立行立改|已完成
"""


def test_annex_1_2_as_a_township_fills_it_in(shipped: Campaign, dingli: Context) -> None:
    book = read(GENERAL, dingli)
    assert described(book, shipped) == [
        "Sheet1!A4 镇级层面 丁里镇 资金项目管理方面 资产台账缺两列。 补齐。 王某 丁里镇 8月底前 自查 李某 [正在整改]",
        "Sheet1!A5 村级层面 丁里镇 河头村委会 产业发展方面 光伏收益公示只贴到4月。 补公示。 李某 河头村 立行立改 已完成 自查 李某 [已整改]",
    ]
    assert complaints(book) == []
