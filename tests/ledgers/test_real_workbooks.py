"""Workbooks as townships send them, and what they must become: one for each thing that people do to a ledger."""

from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts.intake.ledger_book import LedgerBook, read_book
from build_scripts.intake.workbook_reader import open_workbook
from checklist.model import Campaign
from checklist.values.judge import Context
from tests.builders import WATER
from tests.ledgers.books import complaints, described

READ = Callable[..., LedgerBook]

OFFICIAL = """
    附件1-1
    东河镇问题整改台账(户内问题) | < | < | < | < | < | < | < | < | < | < | <
    填报单位(盖章):东河镇
    填报人:王某某
    填报时间:2022.8.19
    序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|整改责任|<|整改时限|整改成效
    ^|^|^|^|^|^|^|^|责任人|责任单位|^|^
    1|东河镇|上坝村委会|张某某|脱贫户|住房安全|屋漏|换瓦|李某|东河镇|2022.8.25|
    2|东河镇|湖滨社区|王某|一般农户|饮水安全|停水|查管|赵某|县水利局|8月底|已整改，通水
    3|||||||||||
"""

GOOD = [
    "户内!A8 东河镇 上坝村委会 张某某 脱贫户 住房安全 屋漏 换瓦 李某 东河镇 2022.8.25 [正在整改]",
    "户内!A9 东河镇 湖滨社区居民委员会 王某 一般农户 饮水安全 停水 查管 赵某 县水利局 8月底 已整改，通水 [已整改]",
]


def test_the_official_annex(read: READ, campaign: Campaign) -> None:
    book = read(户内=OFFICIAL)
    assert described(book, campaign) == GOOD
    assert complaints(book) == []
    report = book.sheets[0]
    assert {name: line.text for name, line in report.filing.items()} == {
        "unit": "东河镇", "filler": "王某某", "date": "2022.8.19",
    }  # fmt: skip
    assert report.left_out == {"blank": 1}


def test_the_official_annex_in_the_format_of_excel_97(context: Context, campaign: Campaign) -> None:
    # LibreOffice saved OFFICIAL so.
    with open_workbook((Path(__file__).parent / "data" / "household.xls").read_bytes()) as sheets:
        book = read_book(sheets, context, "李某")
    assert described(book, campaign) == GOOD
    assert complaints(book) == []


HEADERS = {
    "one row": "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|责任单位|整改时限|整改成效",
    "with blanks, stars and colons": "序 号|镇|村 |*户主姓名|户类型：|问题 类型|具体内容*|整改措施|责任人|责任单位|整改时限|整改成效",
    "with what it explains": "序号|镇|村|户主姓名|户类型（脱贫户、边缘户、一般农户）|问题类型（13类）|具体内容|整改措施|责任人|责任单位|整改时限|整改成效",
    "with its group": "序号|镇|村|户主姓名|户类型|问题类型|具体内容|整改措施|整改责任/责任人|整改责任/责任单位|整改时限|整改成效",
}


@pytest.mark.parametrize("header", HEADERS.values(), ids=HEADERS.keys())
def test_headers_in_other_words(read: READ, campaign: Campaign, header: str) -> None:
    book = read(户内=f"{header}\n1||上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|东河镇|2022.8.25|")
    expected = "户内!A2 东河镇 上坝村委会 张某某 脱贫户 住房安全 屋漏 换瓦 李某 东河镇 2022.8.25 [正在整改]"
    assert described(book, campaign) == [expected]
    assert complaints(book) == []


SAME = "东河镇 上坝村委会 张某某 脱贫户 住房安全 屋漏 换瓦 李某 2022.8.25 [正在整改]"
HEAD = "村|户主姓名|户类型|问题类型|具体内容|整改措施|责任人|整改时限|整改成效\n"
ROW = "上坝村|张某某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|"

# name: the table, its records (without their place, which comes first), what is said of it
LAYOUTS: dict[str, tuple[str, list[str], list[str]]] = {
    "columns in another order, with others in between": (
        "整改时限|备注|问题类型|责任人|村|电话|具体内容|户主姓名|整改成效|户类型|整改措施\n"
        "2022.8.25|急|住房安全|李某|上坝村|1|屋漏|张某某||脱贫户|换瓦",
        ["A2 " + SAME], [],
    ),
    "title, notes and blank rows above": (
        "青河县小排查\n注：逐户填写\n\n截至8月19日\n\n" + HEAD + ROW, ["A7 " + SAME], [],
    ),
    "blank rows within": (HEAD + "\n\n" + ROW + "\n\n" + ROW.replace("张某某", "王某"),
                          ["A4 " + SAME, "A6 " + SAME.replace("张某某", "王某")], []),
    "numbers typed ahead": ("序号|" + HEAD + "1|" + ROW + "\n2|||||||||\n3|||||||||", ["A2 " + SAME], []),
    "a row that is struck out": ("序号|" + HEAD + "1|" + ROW + "\n删除|" + ROW.replace("张某某", "王某"),
                                 ["A2 " + SAME], ["A3 rows-answered?"]),
    "place and number typed ahead": ("序号|" + HEAD + "1|" + ROW + "\n2|上坝村||||||||", ["A2 " + SAME], []),
    "sums": (HEAD + ROW + "\n小计|1户|||||||\n合 计：|2||||||5|", ["A2 " + SAME], []),
    "a note below": (HEAD + ROW + "\n注：本表一式两份|||||||", ["A2 " + SAME], []),
    "signed below": (HEAD + ROW + "\n填报单位：东河镇|||填报人：赵某||||", ["A2 " + SAME], []),
    "village merged downwards": (
        HEAD + ROW + "\n^|王某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|\n^|赵某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|",
        ["A2 " + SAME, "A3 " + SAME.replace("张某某", "王某"), "A4 " + SAME.replace("张某某", "赵某")], [],
    ),
    "a household's cells merged over two issues": (
        HEAD + ROW + "\n^|^|^|饮水安全|停水|查管|^|^|",
        ["A2 " + SAME, "A3 " + SAME.replace("住房安全 屋漏 换瓦", "饮水安全 停水 查管")], [],
    ),
    "a merged cell over a row that holds nothing else": (HEAD + ROW + "\n^||||||||", ["A2 " + SAME], []),
    "ditto": (
        HEAD + ROW + "\n同上|王某|同上|同上|漏雨|同上|同上|同上|",
        ["A2 " + SAME, "A3 " + SAME.replace("张某某", "王某").replace("屋漏", "漏雨")], [],
    ),
    "ditto below a blank row and a sum": (
        HEAD + ROW + "\n\n小计|1|||||||\n同上|王某|脱贫户|住房安全|屋漏|换瓦|李某|2022.8.25|",
        ["A2 " + SAME, "A5 " + SAME.replace("张某某", "王某")], [],
    ),
    "ditto with nothing above": (HEAD + ROW.replace("上坝村", "同上"), ["A2 " + SAME.replace("上坝村委会 ", "")], ["A2 ditto"]),
    "a hidden row": (HEAD + "~" + ROW, [], ["A2 rows-hidden"]),
    "the header repeated on a second page": (HEAD + ROW + "\n" + HEAD + ROW.replace("张某某", "王某"),
                                             ["A2 " + SAME, "A4 " + SAME.replace("张某某", "王某")], []),
    "date, serial number and day without a year": (
        HEAD + "\n".join(ROW.replace("2022.8.25", typed).replace("屋漏", f"屋漏{n}")
                         for n, typed in enumerate(["=2022-08-25", "=44798", "8月25日", "２０２２．８．２５"])),
        [f"A{n + 2} " + SAME.replace("2022.8.25", shown).replace("屋漏", f"屋漏{n}")
         for n, shown in enumerate(["2022-08-25", "2022-08-25", "8月25日", "２０２２．８．２５"])], [],
    ),
    "a date that does not exist": (HEAD + ROW.replace("2022.8.25", "2022.2.30"), ["A2 " + SAME.replace(" 2022.8.25", "")],
                                   ["H2 no-such-date"]),
    "a figure that has lost its nought": (HEAD + ROW.replace("2022.8.25", "=8.3"), ["A2 " + SAME.replace(" 2022.8.25", "")],
                                          ["H2 day-cut-off"]),
    "a village of another township": (HEAD + ROW.replace("上坝村", "石桥村"), ["A2 " + SAME.replace(" 上坝村委会", "")],
                                      ["A2 village-of-other-unit"]),
    "a village's other name": (HEAD + ROW.replace("上坝村", "大坝"), ["A2 " + SAME], []),
    "a name that two townships have, within the unit": (HEAD + ROW.replace("上坝村", "柳林"),
                                                       ["A2 " + SAME.replace("上坝", "柳林")], []),
    "two household types in a cell": (HEAD + ROW.replace("脱贫户", "脱贫户、边缘户"), ["A2 " + SAME.replace(" 脱贫户", "")],
                                      ["C2 ambiguous"]),
    "a near miss": (HEAD + ROW.replace("住房安全", "住房安金"), ["A2 " + SAME], ["D2 question-answered?"]),
    "an outcome that says neither": (HEAD + ROW + "已开会研究", ["A2 " + SAME.replace(" [", " 已开会研究 [")],
                                     ["I2 outcome-unclear"]),
    "a household's villages on a sheet without the column": (
        HEAD.removeprefix("村|") + ROW.removeprefix("上坝村|"), ["A2 " + SAME.replace(" 上坝村委会", "")], ["A1 column-missing"],
    ),
    "no column of outcomes": (
        HEAD.replace("|整改成效", "") + ROW.removesuffix("|"), ["A2 " + SAME], ["A1 column-of-outcome-missing?"],
    ),
    "two columns for one thing": (
        HEAD.replace("村|", "村|行政村|", 1) + "上坝村|大坝村" + ROW.removeprefix("上坝村"), ["A2 " + SAME], [],
    ),
    "all problems of all rows": (
        HEAD + "柳村|张某某|低保户|住房|屋漏|换瓦|李某||\n上坝村||脱贫户|住房|||李某|2022.8.25|",
        ["A2 东河镇 柳林村委会 张某某 住房安全 屋漏 换瓦 李某 [正在整改]", "A3 东河镇 上坝村委会 脱贫户 住房安全 李某 2022.8.25 [正在整改]"],
        ["A2 question-answered?", "C2 not-a-choice", "H2 required", "B3 required", "E3 required"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("table", "records", "said"), LAYOUTS.values(), ids=LAYOUTS.keys())
def test_layouts(read: READ, campaign: Campaign, table: str, records: list[str], said: list[str]) -> None:
    book = read(户内=table)
    assert described(book, campaign) == [f"户内!{line}" for line in records]
    assert complaints(book) == [f"户内!{line}" for line in said]


def test_cover_empty_and_hidden_sheets_and_one_sheet_a_village(read: READ, campaign: Campaign) -> None:
    without_village = HEAD.removeprefix("村|"), ROW.removeprefix("上坝村|")
    book = read(
        封面="东河镇\n小排查台账",
        空表="",
        上坝村="".join(without_village),
        柳林="".join(without_village).replace("张某某", "王某"),
        隐藏表=HEAD + ROW.replace("张某某", "赵某"),
        hidden=("隐藏表",),
    )
    assert described(book, campaign) == [
        "上坝村!A2 " + SAME,
        "柳林!A2 " + SAME.replace("上坝", "柳林").replace("张某某", "王某"),
    ]
    assert complaints(book) == [
        "上坝村!A1 village-of-sheet?",
        "柳林!A1 village-of-sheet?",
        "隐藏表!A2 rows-hidden",
    ]
    assert [(report.name, report.empty, report.hidden, len(report.headers)) for report in book.sheets] == [
        ("封面", False, False, 0),
        ("空表", True, False, 0),
        ("上坝村", False, False, 1),
        ("柳林", False, False, 1),
        ("隐藏表", False, True, 1),
    ]


GENERAL = """
    序号|面上问题层级|问题类型|具体内容|整改措施|整改责任|<|整改时限|整改成效
    ^|^|^|^|^|责任人|责任单位|^|^
    1|县级层面（xx 单位）|||||||
    2|镇级层面（东河镇）|收入|未建台账|补建|李某||长期坚持|
    3|村级层面(东河镇 上坝村)|饮水|缺水|打井|李某||立行立改|已整改
    4|村级层面：柳林村|饮水|缺水|打井|李某||立行立改|正在整改
    5|上坝村|住房|漏雨|换瓦|李某||年底前|
    6|东河镇|住房|未鉴定|鉴定|李某||一周内|
    7|村级层面（xx乡镇xx村）|住房|漏雨|换瓦|李某||8月25日|
    8|县级层面（县水利局）|饮水|缺水|打井|李某||8月25日|
    9|县级层面（xx 单位）|饮水|停水|打井|李某||8月25日|
"""


def test_general_issues_with_level_and_place_in_one_cell(read: READ, campaign: Campaign) -> None:
    book = read(面上=GENERAL)
    assert described(book, campaign) == [
        "面上!A4 镇级层面 东河镇 收入变化方面 未建台账 补建 李某 长期坚持 [正在整改]",
        "面上!A5 村级层面 东河镇 上坝村委会 饮水安全 缺水 打井 李某 立行立改 已整改 [已整改]",
        "面上!A6 村级层面 东河镇 柳林村委会 饮水安全 缺水 打井 李某 立行立改 正在整改 [正在整改]",
        "面上!A7 村级层面 东河镇 上坝村委会 住房安全 漏雨 换瓦 李某 年底前 [正在整改]",
        "面上!A8 镇级层面 东河镇 住房安全 未鉴定 鉴定 李某 一周内 [正在整改]",
        "面上!A9 村级层面 东河镇 住房安全 漏雨 换瓦 李某 8月25日 [正在整改]",
        "面上!A10 县级层面 饮水安全 缺水 打井 李某 8月25日 [正在整改]",
        "面上!A11 县级层面 饮水安全 停水 打井 李某 8月25日 [正在整改]",
    ]
    assert complaints(book) == [
        "面上!H7 date-assumed?",
        "面上!H8 date-assumed?",
        "面上!A9 required",
        "面上!B10 level-place?",
        "面上!B11 level-gap?",
    ]


def test_a_county_unit_fills_in_the_row_that_is_printed_for_it(read: READ, campaign: Campaign) -> None:
    head = GENERAL.splitlines()[1:3]
    row = "1|县级层面（xx 单位）|饮水|停水|打井|李某||8月25日|"
    book = read(面上="\n".join([*head, row]), unit=WATER)
    assert described(book, campaign) == ["面上!A3 县级层面 饮水安全 停水 打井 李某 8月25日 [正在整改]"]
    assert complaints(book) == []


def test_ledgers_of_two_forms_in_one_book_and_in_one_sheet(read: READ, campaign: Campaign) -> None:
    both = "\n".join([*OFFICIAL.strip("\n").splitlines()[5:9], "", *GENERAL.strip("\n").splitlines()[:4]])
    book = read(户内=OFFICIAL, 两表=both)
    assert described(book, campaign)[:2] == GOOD
    assert [line.split()[0] for line in described(book, campaign)[2:]] == ["两表!A3", "两表!A4", "两表!A9"]
    assert [header.form.name for header in book.sheets[1].headers] == ["户内问题", "面上问题"]
    assert complaints(book) == []


def test_a_county_unit_names_villages_with_their_township(read: READ, campaign: Campaign) -> None:
    table = (
        "镇|" + HEAD + "|".join(["西岭镇", ROW.replace("上坝", "柳林")]) + "\n|" + ROW.replace("上坝", "柳林")
    )
    book = read(户内=table, unit=WATER)
    assert described(book, campaign)[0] == "户内!A2 " + SAME.replace("东河镇 上坝", "西岭镇 柳林")
    assert complaints(book) == ["户内!B3 ambiguous-village"]


def test_another_units_ledger_is_not_taken(read: READ) -> None:
    book = read(户内="填报单位(盖章)：西岭镇人民政府\n" + HEAD + ROW)
    assert complaints(book) == ["户内!A1 other-unit"]
    assert book.problems[0].message == "台账是西岭镇的，而现在导入到东河镇；请核对文件，或者改正填报单位。"


def test_a_book_without_a_ledger(read: READ) -> None:
    book = read(封面="东河镇\n小排查台账", 其他="问题|措施|责任|时限\n屋漏|换瓦|李某|8月")
    assert complaints(book) == [" no-ledger"]


def test_columns_that_nobody_reads_are_named(read: READ) -> None:
    book = read(
        户内=HEAD.replace("村|", "村|电话|", 1).replace("\n", "|备注\n")
        + ROW.replace("村|", "村|1|", 1)
        + "|急"
    )
    assert book.sheets[0].headers[0].unread == ("电话", "备注")
