"""Lists as the national system and departments export them, read with the shipped campaign's words."""

from datetime import date
from pathlib import Path

import pytest

from build_scripts.intake.roster_reading import Lists
from checklist.loading.loader import load_campaign
from checklist.values.judge import Context
from forms_server.imports.roster_import import read_roster
from tests.ledgers.books import workbook

CAMPAIGN = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
TOWNSHIP = next(unit for unit in CAMPAIGN.units.townships if unit.name == "凤城街道")
HEADER = (
    "省|市|县|乡|村|户编号|人口编号|姓名|性别|证件类型|证件号码|与户主关系|监测对象类别|户类型|健康状况|"
    "家庭成员联系电话|人均纯收入（元）|户内状态"
)
TITLES = "（自定义）监测对象信息\n导出时间：2023-12-18\n"
PLACE = "安徽省|宿州市|萧县|凤城街道"


def person(village, number, name, relation, monitored="", kind="脱贫户", *, status="正常"):
    cells = (PLACE, village, number, f"{number}01", name, "男", "居民身份证", "110101190001010000", relation)
    return "|".join((*cells, monitored, kind, "健康", "13900001111", "9800.5", status))


def read(table: str) -> Lists:
    return read_roster(workbook({"Sheet0": table}), Context(CAMPAIGN, TOWNSHIP, date(2022, 8, 20)))


def said(found: Lists):
    names = ("householder", "household_type", "people")
    return [(each.number, *(each.values.get(name) for name in names)) for each in found.households]


VILLAGE, OTHER = "郑腰庄社区居民委员会", "姬村村委会"
TWO = [
    ("3413220010001", "赵某一", "buwending", 2),
    ("3413220010003", "李某五", "bianyuan", 1),
]


@pytest.mark.parametrize("titles", [TITLES, ""])
@pytest.mark.parametrize("head", ["户主", "本人或户主", "户主（本人）", "户主(本人)", "01"])
def test_an_export_of_persons_is_read_by_household(titles, head):
    rows = [
        person(VILLAGE, "3413220010001", "赵某一", head, "脱贫不稳定户"),
        person(VILLAGE, "3413220010001", "钱某二", "配偶", "脱贫不稳定户"),
        person(OTHER, "3413220010003", "李某五", head, "边缘易致贫户", "一般农户"),
    ]
    found = read("\n".join([titles + HEADER, *rows]))
    assert (found.problems, said(found)) == ([], TWO)
    assert "13900001111" not in repr(found)


def test_numbers_that_the_export_holds_as_numbers_are_text():
    rows = [
        person(VILLAGE, "=3413220010001001", "赵某一", "户主", "脱贫不稳定户"),
        person(OTHER, "=3413220010003001", "李某五", "户主", "边缘易致贫户", "一般农户"),
    ]
    found = read("\n".join([HEADER, *rows]))
    assert [each.number for each in found.households] == ["3413220010001001", "3413220010003001"]


def test_types_of_2026_are_kept_in_their_words_and_named():
    rows = [
        person(VILLAGE, "3413220010001", "赵某一", "户主", "防止返贫致贫对象"),
        person(OTHER, "3413220010003", "李某五", "户主", "低收入人口", "一般农户"),
        person(OTHER, "3413220010004", "周某六", "户主", "突发严重困难户", "一般农户"),
    ]
    found = read("\n".join([HEADER, *rows]))
    assert [row[2] for row in said(found)] == ["防止返贫致贫对象", "低收入人口", "tufa"]
    assert [problem.question.typed for problem in found.problems] == ["防止返贫致贫对象", "低收入人口"]
    assert not found.errors


def test_a_householder_of_the_export_who_left_is_asked_about():
    rows = [
        person(VILLAGE, "3413220010001", "赵某一", "户主", "脱贫不稳定户", status="自然减少"),
        person(VILLAGE, "3413220010001", "钱某二", "配偶", "脱贫不稳定户"),
    ]
    [problem] = read("\n".join([HEADER, *rows])).errors
    assert [choice.label for choice in problem.question.choices] == ["钱某二", "还写赵某一", "这一户不导入"]


def test_a_departments_list_is_read_and_its_sum_is_none():
    found = read(
        "2025年9月份农村低保备案表\n"
        "序号|乡镇|村（居）委会|户主姓名|身份证号码|家庭人口|保障人口|保障类别|银行账号\n"
        f"1|凤城街道|{VILLAGE}|赵某一|110101190001010000|2|2|A类|6217000000000000000\n"
        f"2|凤城街道|{OTHER}|吴某七|110101190001010000|1|1|B类|6217000000000000001\n"
        "合计|||||3|3||\n"
    )
    assert (found.problems, said(found)) == ([], [(None, "赵某一", None, 2), (None, "吴某七", None, 1)])
