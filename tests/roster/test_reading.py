"""Lists of households as offices have them: one row a household, or one row a person."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.intake.roster_reading import read_lists
from build_scripts.intake.workbook_reader import open_workbook
from checklist.questions import AnswerOrigin, Answers
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST_BRIDGE, WEST_WILLOW
from tests.ledgers.books import sheet, workbook
from tests.roster.lists import answering, codes, context, lists, said

IDENTITY = "11010519491231002X"
"""The example number of the standard GB 11643."""


def test_a_list_with_a_row_for_each_household():
    found = lists(
        "东河镇农户名册|||||\n"
        "序号|镇|行政村|户主姓名|户类型|家庭人口数\n"
        "1|东河镇|柳林村|张某甲|脱贫户|4\n"
        "2|东河|大坝村|李某乙|边缘户|２人\n"
        "合计|||合计||6\n",
        EAST,
    )
    assert codes(found) == []
    assert said(found) == [
        (None, EAST_WILLOW, "张某甲", "tuopin", 4),
        (None, EAST_DAM, "李某乙", "bianyuan", 2),
    ]


def test_what_the_national_system_exports():
    found = lists(
        "户编号|户主姓名|证件号码|联系电话|行政村|户类型|监测对象类别|家庭人口数|银行卡号\n"
        f"H001|张某甲|{IDENTITY}|13800000000|湖滨社区|脱贫户|无|4|6222\n"
        f"H002|李某乙|{IDENTITY}|13800000000|柳林村|一般农户|边缘易致贫户|2|6222\n",
        EAST,
    )
    assert codes(found) == []
    assert [row[0] for row in said(found)] == ["H001", "H002"]
    assert [row[3] for row in said(found)] == ["tuopin", "bianyuan"]
    assert found.sheets[0].columns.unread == ("证件号码", "联系电话", "银行卡号")
    assert IDENTITY not in repr(found.households)


def test_a_list_with_a_row_for_each_person_is_grouped_and_counted():
    found = lists(
        "户编号|行政村|姓名|与户主关系|户类型\n"
        "H001|柳林村|张某甲|本人|脱贫户\n"
        "H001|柳林村|王某某|配偶|脱贫户\n"
        "H002|柳林村|李某小|之子|一般户\n"
        "H002|柳林村|李某乙|户主|一般户\n"
        "H001|柳林村|张某某|之女|脱贫户\n",
        EAST,
    )
    assert codes(found) == []
    assert said(found) == [
        ("H001", EAST_WILLOW, "张某甲", "tuopin", 3),
        ("H002", EAST_WILLOW, "李某乙", "yiban", 2),
    ]
    assert (found.sheets[0].households, found.sheets[0].people) == (2, 5)


def test_persons_without_a_number_belong_to_the_householder_above_them():
    found = lists(
        "行政村|姓名|与户主关系\n柳林村|张某甲|户主\n柳林村|王某某|配偶\n柳林村|李某乙|户主\n柳林村|李某丙|配偶\n",
        EAST,
    )
    assert [(row[2], row[4]) for row in said(found)] == [("张某甲", 2), ("李某乙", 2)]


def test_a_household_without_a_householder_is_reported_at_its_first_row():
    found = lists("户编号|行政村|姓名|与户主关系\nH001|柳林村|王某某|配偶\n", EAST)
    assert codes(found) == [("名册!D2", "roster-no-head")]
    assert said(found) == []


def test_a_row_that_lacks_only_the_name_is_not_passed_over_in_silence():
    households = lists(
        "户编号|村|户主姓名\nH1|柳林村|张某甲\nH2|柳林村|\n|柳林村|无\n||\n|合计|\n|填表人|李某\n", EAST
    )
    told = [problem for problem in households.problems if problem.warning]
    assert [(each.place, each.code) for each in told] == [
        ("名册!C3", "roster-no-name"),
        ("名册!C4", "roster-no-name"),
    ]
    persons = lists(
        "户编号|行政村|姓名|与户主关系\nH1|柳林村|张某甲|户主\nH1|柳林村||配偶\nH2|柳林村||户主\n", EAST
    )
    assert codes(persons) == [("名册!C3", "roster-no-name"), ("名册!C4", "roster-no-name")]
    assert [(row[2], row[4]) for row in said(persons)] == [("张某甲", 1)]


def test_the_list_of_the_county_says_whose_village_it_is():
    found = lists("镇|村|户主姓名\n西岭镇|柳林村|张某甲\n西岭乡|石桥村|李某乙\n|柳林村|王某丙\n")
    assert [row[1] for row in said(found)] == [WEST_WILLOW, WEST_BRIDGE]
    assert codes(found) == [("名册!B4", "ambiguous-village")]


def test_a_township_lists_its_own_villages_only():
    found = lists("村|户主姓名\n石桥村|张某甲\n没有的村|李某乙\n|王某丙\n", EAST)
    assert codes(found) == [
        ("名册!A2", "village-of-other-unit"),
        ("名册!A3", "unknown-village"),
        ("名册!A4", "required"),
    ]


def test_an_identity_number_is_never_a_households_number():
    found = lists(f"户编号|村|户主姓名\n{IDENTITY}|柳林村|张某甲\n110105194912310021|柳林村|李某乙\n", EAST)
    assert codes(found) == [("名册!A2", "personal-number"), ("名册!A3", "personal-number")]
    assert all(IDENTITY not in problem.message for problem in found.problems)


def test_households_that_nobody_can_tell_apart():
    found = lists("村|户主姓名\n柳林村|张某甲\n柳林村|张某甲\n", EAST)
    assert codes(found) == [("名册!B3", "roster-name-twice")]
    numbered = lists("户编号|村|户主姓名\nH1|大坝村|李某\nH1|大坝村|王某\n", EAST)
    assert codes(numbered) == [("名册!C3", "roster-number-twice")]


@pytest.mark.parametrize("table", ["", "姓名|电话\n张某甲|1\n", "村|问题类型\n柳林村|住房\n"])
def test_a_workbook_without_a_list_says_what_a_list_has(table):
    assert [code for _, code in codes(lists(table, EAST))] == ["roster-no-list"]


@given(
    st.lists(
        st.lists(st.text(st.characters(blacklist_characters="|\n^<=~"), max_size=8), max_size=5), max_size=6
    )
)
def test_any_cells_give_households_or_problems_with_a_place(grid):
    rows = "\n".join("|".join(" ".join(cell.split()) for cell in line) for line in grid)
    found = lists("户编号|村|户主姓名|户类型|家庭人口数\n" + rows, EAST)
    assert all(problem.place.startswith("名册!") for problem in found.problems)
    assert all(each.values["village"] and each.values["householder"] for each in found.households)


@pytest.mark.parametrize("word", ["户主（本人）", "户主(本人)", "本人", "户主", "户主（代）"])
def test_however_a_list_writes_it_there_is_one_householder(word):
    found = lists(f"户编号|行政村|姓名|与户主关系\nH1|柳林村|王某某|配偶\nH1|柳林村|张某甲|{word}\n", EAST)
    assert (codes(found), [(row[2], row[4]) for row in said(found)]) == ([], [("张某甲", 2)])


def test_two_householders_or_two_villages_under_one_number_are_refused_at_their_cells():
    found = lists(
        "户编号|行政村|姓名|与户主关系\n"
        "H1|柳林村|张某甲|户主\nH1|柳林村|王某某|户主\n"
        "H2|柳林村|李某乙|户主\nH2|大坝村|李某丙|之子\nH2|柳林村委会|李某丁|之女\n",
        EAST,
    )
    assert codes(found) == [("名册!D3", "roster-two-heads"), ("名册!B5", "roster-two-villages")]
    assert said(found) == []


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("0", "zero"), ("000", "zero"), ("3.41E+12", "cut"), ("3.41e12", "cut"), ("3410000000000", "cut"),
        ("=3410000000000", "cut"), ("=34132200100010012", "cut"), ("=3413220010001000", "cut"),
        ("=341322001000.5", "cut"),
    ],
)  # fmt: skip
def test_a_number_that_lost_digits_is_refused_at_its_cell(cell, code):
    table = f"户编号|村|户主姓名\n3413220010009|柳林村|李某乙\n{cell}|柳林村|张某甲\n"
    assert codes(lists(table, EAST)) == [("名册!A3", f"roster-number-{code}")]
    with open_workbook(workbook({"名册": table})) as sheets:
        assert codes(read_lists(sheets, context(EAST))) == [("名册!A3", f"roster-number-{code}")]


def test_a_number_that_a_workbook_holds_exactly_is_text():
    table = "户编号|村|户主姓名\n=3413220010001001|柳林村|张某甲\n=3413220010002|柳林村|李某乙\n"
    with open_workbook(workbook({"名册": table})) as sheets:
        found = read_lists(sheets, context(EAST))
    assert codes(found) == []
    assert [row[0] for row in said(found)] == ["3413220010001001", "3413220010002"]


def test_a_row_without_a_number_among_numbered_ones_is_refused():
    assert codes(lists("户编号|村|户主姓名\nH1|柳林村|张某甲\n|柳林村|李某乙\n", EAST)) == [
        ("名册!A3", "roster-number-blank")
    ]
    assert codes(lists("户编号|村|户主姓名\n|柳林村|张某甲\n|柳林村|李某乙\n", EAST)) == []


def test_merged_cells_count_for_every_row_and_sums_for_none():
    found = lists(
        "户编号|行政村|户主姓名|姓名|与户主关系|户类型\n"
        "H1|柳林村|张某甲|张某甲|户主|脱贫户\n"
        "^|^|^|王某某|配偶|^\n"
        "H2|柳林村|李某乙|李某乙|户主|一般户\n"
        "|柳林村小计||2户3人||\n"
        "合计：2户|||3||\n",
        EAST,
    )
    assert codes(found) == []
    assert [(row[0], row[2], row[4]) for row in said(found)] == [("H1", "张某甲", 2), ("H2", "李某乙", 1)]


def test_persons_beside_their_householder_are_one_household_without_a_count():
    found = lists(
        "村|户主姓名|姓名|病种\n柳林村|张某甲|张某甲|x\n柳林村|张某甲|王某某|y\n大坝村|李某乙|李某小|z\n",
        EAST,
    )
    assert codes(found) == []
    assert said(found) == [(None, EAST_WILLOW, "张某甲", None, None), (None, EAST_DAM, "李某乙", None, None)]


TYPES = "村|户主姓名|户类型\n柳林村|张某甲|防止返贫致贫对象\n柳林村|李某乙|防止返贫致贫对象\n大坝村|王某丙|脱贫户\n"


@pytest.mark.parametrize(
    ("answer", "kept"),
    [("照原文保留", "防止返贫致贫对象"), ("边缘易致贫户", "bianyuan"), ("不是户类型，不读", None)],
)
def test_a_type_that_the_form_does_not_have_is_asked_once(answer, kept):
    asking = lists(TYPES, EAST)
    assert [row[3] for row in said(asking)] == ["防止返贫致贫对象", "防止返贫致贫对象", "tuopin"]
    assert not asking.errors
    [question] = {each.question.key: each.question for each in asking.problems}.values()
    assert question.origin is AnswerOrigin.LIKELY
    found = lists(TYPES, EAST, answering(asking, answer))
    assert [row[3] for row in said(found)] == [kept, kept, "tuopin"]


def test_without_a_person_who_sees_it_a_type_is_asked_and_blocks():
    found = lists(TYPES, EAST, Answers(preselects=False))
    assert [problem.code for problem in found.errors] == ["roster-type-unknown"] * 2


HEADS = (
    "户编号|行政村|姓名|与户主关系|户内状态\n"
    "H1|柳林村|张某甲|户主|自然减少\nH1|柳林村|王某某|配偶|正常\nH1|柳林村|张某小|之子|户口迁出\n"
    "H2|柳林村|李某乙|户主（已故）|\n"
)


@pytest.mark.parametrize(
    ("answers", "households"),
    [
        (("王某某", "还写李某乙"), [("H1", "王某某", 1), ("H2", "李某乙", None)]),
        (("还写张某甲", "这一户不导入"), [("H1", "张某甲", 1)]),
    ],
)
def test_a_householder_who_left_is_asked_about_and_nobody_who_left_is_counted(answers, households):
    asking = lists(HEADS, EAST)
    assert [(each.place, each.code) for each in asking.errors] == [
        ("名册!C2", "roster-head-left"),
        ("名册!C5", "roster-head-left"),
    ]
    found = lists(HEADS, EAST, answering(asking, *answers))
    assert not found.errors
    assert [(row[0], row[2], row[4]) for row in said(found)] == households


def test_a_list_of_names_alone_is_never_taken_for_households():
    table = "村|姓名|户类型\n柳林村|张某甲|脱贫户\n柳林村|王某某|脱贫户\n"
    asking = lists(table, EAST)
    assert [(each.place, each.code) for each in asking.errors] == [("名册!B1", "roster-rows-unclear")]
    households = lists(table, EAST, answering(asking, "一行是一户"))
    assert (len(households.households), households.errors) == (2, [])
    persons = lists(table, EAST, answering(asking, "一行是一个人"))
    assert [each.code for each in persons.errors] == ["roster-no-relation"]
    assert not lists(table.replace("户类型", "家庭人口数").replace("脱贫户", "3"), EAST).problems


def test_a_list_whose_name_column_holds_the_householder_of_each_person_is_one_household():
    found = lists("村|户主姓名|与户主关系\n柳林村|张某甲|户主\n柳林村|张某甲|配偶\n", EAST)
    assert (codes(found), [(row[2], row[4]) for row in said(found)]) == ([], [("张某甲", 2)])


def test_a_hidden_column_that_holds_something_is_asked_about():
    table = "行政村|户主|户类型|家庭人口数|备注\n柳林村|张某甲|脱贫户|4|无\n大坝村|李某乙|脱贫户||无\n"
    hidden = replace(sheet(table, "名册"), hidden_columns=frozenset({0, 1, 3, 4}))
    asked = read_lists([hidden], context(EAST))
    assert codes(asked) == [("名册!D1", "column-hidden")]
    assert len(asked.errors) == 1
    taken = read_lists([hidden], context(EAST, answering(asked, "照常读")))
    assert [each[-1] for each in said(taken)] == [4, None]
    left = read_lists([hidden], context(EAST, answering(asked, "不读")))
    assert [each[-1] for each in said(left)] == [None, None]
    assert (taken.errors, left.errors) == ([], [])
    empty = replace(sheet(table.replace("|4|", "||"), "名册"), hidden_columns=frozenset({3}))
    assert codes(read_lists([empty], context(EAST))) == []
