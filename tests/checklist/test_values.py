from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.messages import catalogue
from checklist.model import Campaign, Field, FieldType
from checklist.values.display import DISPLAYS, display
from checklist.values.field_readers import READERS
from checklist.values.judge import Context, Deadline, check_value
from checklist.values.record_schema import SCHEMAS
from tests.builders import EAST, EAST_DAM, EAST_LAKE, EAST_WILLOW, WATER, WEST_BRIDGE
from tests.small_forms import OF_EACH_TYPE

TODAY = date(2022, 8, 9)
HOUSEHOLD, GENERAL, PROPOSED = 0, 1, 2
"""Places of the small campaign's record forms."""


def context(campaign: Campaign, unit: str = EAST) -> Context:
    return Context(campaign, campaign.unit_by_code[unit], TODAY)


def field(campaign: Campaign, field_id: str, form: int = HOUSEHOLD) -> Field:
    return campaign.record_forms[form].field(field_id)


@pytest.mark.parametrize("registry", [READERS, DISPLAYS, SCHEMAS], ids=["readers", "displays", "schemas"])
def test_every_registry_knows_every_type(registry):
    assert set(registry) == set(FieldType)


@pytest.mark.parametrize(
    ("unit", "field_id", "typed", "code", "words"),
    [
        (EAST, "village", "石桥村", "village-of-other-unit", "西岭镇"),
        (EAST, "village", WEST_BRIDGE, "village-of-other-unit", "西岭镇"),
        (EAST, "village", "西岭镇柳林村", "village-of-other-unit", "西岭镇"),
        (WATER, "village", "柳林", "ambiguous-village", "东河镇柳林村委会、西岭镇柳林村委会"),
        (EAST, "village", "湖滨村", "near-village", "湖滨社区居民委员会"),
        (EAST, "village", "上坝自然村", "near-village", "上坝村委会"),
        (EAST, "village", "王庄", "unknown-village", "王庄"),
        (EAST, "village", "999009009009", "unknown-village", "999009009009"),
        (EAST, "village", "", "required", "村"),
        (EAST, "village", "/", "nothing-written", "/"),
        (EAST, "village", "同上", "ditto", "同上"),
        (EAST, "village", "柳\u2800林", "control-character", "看不见的字符"),
        (EAST, "township", "西岭镇", "township-of-other-unit", "东河镇"),
        (EAST, "township", "东何镇", "near-township", "东河镇"),
        (EAST, "township", "别处", "unknown-township", "东河镇"),
        (EAST, "household_type", "低保户", "not-a-choice", "脱贫户、边缘易致贫户、一般农户"),
        (EAST, "household_type", "脱贫户、边缘户", "ambiguous", "脱贫户、边缘易致贫户"),
        (EAST, "household_type", "易致贫户", "near-choice", "边缘易致贫户"),
        (EAST, "problem_type", "住房和饮水安全", "ambiguous", "住房安全、饮水安全"),
        (EAST, "people", "0", "too-small", "1"),
        (EAST, "people", "31", "too-large", "30"),
        (EAST, "people", "约4", "approximate-number", "约4"),
        (EAST, "people", "4（含死亡1）", "number-with-note", "4"),
        (EAST, "people", "几口", "not-an-integer", "几口"),
        (EAST, "people", "=2+2", "formula", "=2+2"),
        (EAST, "householder", "某" * 31, "too-long", "31"),
        (EAST, "deadline", "已完成", "deadline-is-outcome", "整改成效"),
        (EAST, "deadline", "2022.2.30", "no-such-date", "2022.2.30"),
        (EAST, "deadline", "尽快", "deadline-unreadable", "立行立改"),
        (EAST, "deadline", "前" * 41, "too-long", "40"),
    ],
)  # fmt: skip
def test_what_is_refused_and_why(small, unit, field_id, typed, code, words):
    checked = check_value(field(small, field_id), typed, context(small, unit))
    assert checked.value is None
    assert checked.refused
    assert [(problem.place, problem.code) for problem in checked.problems] == [(field_id, code)]
    assert words in checked.problems[0].message


@pytest.mark.parametrize(
    ("field_id", "typed", "value"),
    [
        ("township", "东河", EAST),
        ("township", EAST, EAST),
        ("householder", " 张\u3000某某 ", "张 某某"),
        ("household_type", "边缘户（已消除）", "bianyuan"),
        ("household_type", "tuopin", "tuopin"),
        ("problem_type", "二、住房安全", "housing"),
        ("problem_type", "安全饮水", "water"),
        ("problem_type", "收入变化", "income"),
        ("problem_type", "water", "water"),
        ("content", "先换瓦；\r\n后加固。", "先换瓦；\n后加固。"),
        ("people", "四人", 4),
        ("people", "", None),
        ("responsible_unit", "", None),
        ("serial", "5", None),
        ("serial", "\x00", None),
    ],
)
def test_values(small, field_id, typed, value):
    checked = check_value(field(small, field_id), typed, context(small))
    assert (checked.value, checked.problems) == (value, ())


@pytest.mark.parametrize(
    ("field_id", "typed", "code", "words"),
    [
        ("deadline", "8.25", "date-assumed", "2022-08-25"),
        ("deadline", "收到后一周内", "deadline-needs-date", "收到后一周内"),
        ("measures", "/", "taken-as-empty", "/"),
        ("householder", "金某某等2户", "several-households", "金某某等2户"),
    ],
)
def test_a_doubt_is_a_warning_and_lets_the_value_through(small, field_id, typed, code, words):
    checked = check_value(field(small, field_id), typed, context(small))
    assert not checked.refused
    assert [(problem.code, problem.warning) for problem in checked.problems] == [(code, True)]
    assert words in checked.problems[0].message


def test_a_day_ahead_is_refused_where_it_must_not_be(small):
    identified = field(small, "identified_on", PROPOSED)
    assert check_value(identified, "2022-08-09", context(small)).value == TODAY
    checked = check_value(identified, "8月10日", context(small))
    assert [problem.code for problem in checked.problems] == ["in-future"]
    assert "2022-08-09" in checked.problems[0].message


@pytest.mark.parametrize("typed", ["无", "暂无", "不涉及", "无新增"])
def test_nothing_in_words_is_no_content(shipped, typed):
    form = shipped.form_by_id["annex-1-1"]
    for field_id, code in (("content", "nothing-written"), ("people", "taken-as-empty")):
        checked = check_value(form.field(field_id), typed, context(shipped, "341322110"))
        assert [problem.code for problem in checked.problems] == [code]
        assert checked.value is None


def test_one_field_does_not_answer_for_another_that_came_later(small):
    asked = context(small)
    for limit in range(1, 200):
        passing = field(small, "people").model_copy(update={"max_value": limit})
        assert check_value(passing, "100", asked).refused == (limit < 100)


def fields(campaign: Campaign) -> list[Field]:
    """Of every type there is."""
    return [*(field for form in campaign.record_forms for field in form.fields), *OF_EACH_TYPE]


TYPED = (
    st.text(st.characters(), max_size=60)
    | st.text(
        "柳林上坝石桥村委会东河镇脱贫户住房安全一二三.0123456789年月日底前/（）、 \u3000\n", max_size=14
    )
    | st.sampled_from(
        ["柳林", "东河镇柳林村", "脱贫户、边缘户", "８月底前", "4人", "#REF!", "/", "同上", EAST_DAM]
    )
)


@given(typed=TYPED, unit=st.sampled_from([EAST, WATER]), data=st.data())
def test_any_text_is_read_or_refused_with_a_sentence(typed, unit, data, small):
    asked = data.draw(st.sampled_from(fields(small)))
    checked = check_value(asked, typed, context(small, unit))
    assert not (checked.refused and checked.value is not None)
    for problem in checked.problems:
        assert problem.code in catalogue()
        assert problem.place == asked.id
        assert problem.message.endswith("。")


@given(typed=TYPED, data=st.data())
def test_what_is_shown_reads_back_as_the_same_value(typed, data, small):
    asked = data.draw(st.sampled_from(fields(small)))
    value = check_value(asked, typed, context(small)).value
    if value is None:
        assert display(asked, value, small) == ""
    else:
        assert check_value(asked, display(asked, value, small), context(small)).value == value


def test_every_code_and_id_reads_back_from_what_is_shown(small):
    for asked in fields(small):
        ids = [choice.id for choice in asked.choices]
        ids += {
            FieldType.VILLAGE: [EAST_WILLOW, EAST_DAM, EAST_LAKE],
            FieldType.TOWNSHIP: [EAST],
            FieldType.PROBLEM_TYPE: list(small.problem_type_by_id),
        }.get(asked.type, [])
        for value in [(each,) for each in ids] if asked.type is FieldType.CHOICES else ids:
            assert check_value(asked, display(asked, value, small), context(small)).value == value


def test_words_of_values(small):
    assert (
        display(field(small, "deadline"), Deadline("date", date(2022, 8, 31), "8月底前"), small) == "8月底前"
    )
    assert display(field(small, "identified_on", PROPOSED), date(2022, 8, 5), small) == "2022-08-05"
    assert display(field(small, "people"), 4, small) == "4"


@pytest.mark.parametrize("field_id", ["township", "village", "problem_type", "household_type", "deadline"])
def test_what_the_campaign_no_longer_has_is_shown_as_it_was_stored(small, field_id):
    assert display(field(small, field_id), "gone", small) == "gone"


@pytest.mark.parametrize("kind", sorted(set(FieldType) - {FieldType.SERIAL}))
@pytest.mark.parametrize("number", ["11010519491231002X", "139 0000 1111"])
def test_a_persons_number_is_refused_in_every_field_and_never_repeated(small, kind, number):
    typed = Field.model_construct(id="any", label="栏目", type=kind)
    checked = check_value(typed, f"张某甲{number}", context(small))
    assert [problem.code for problem in checked.problems] == ["personal-number"]
    assert number not in checked.problems[0].message


@pytest.mark.parametrize("typed", ["张三 李四", "张三，李四", "张三和李四", "张三\n李四"])
def test_two_names_in_one_row_are_asked_about(small, typed):
    checked = check_value(field(small, "householder"), typed, context(small))
    assert [(problem.code, problem.warning) for problem in checked.problems] == [("several-households", True)]


def test_a_name_with_a_blank_in_it_is_one_household(small):
    assert check_value(field(small, "householder"), "张　三", context(small)).problems == ()


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("2021-08-25", True),
        ("2052-08-25", True),
        ("2022-08-25", False),
        ("2023年3月底前", False),
        ("立行立改", False),
    ],
)
def test_a_deadline_in_a_year_beside_the_campaigns_is_asked_about(small, typed, asked):
    checked = check_value(field(small, "deadline"), typed, context(small))
    assert [problem.code for problem in checked.problems] == (["year-beside"] if asked else [])


def test_a_short_value_is_read_once_and_a_long_text_is_not_kept(small):
    asked = context(small)
    for field_id, typed, kept in (("village", "柳林", True), ("content", "西屋山墙有裂缝。" * 20, False)):
        checked = check_value(field(small, field_id), typed, asked)
        again = check_value(field(small, field_id), typed, asked)
        assert again == checked
        assert (again is checked) is kept


@pytest.mark.parametrize(("blanks", "codes"), [(38, ["ditto"]), (39, [])])
def test_a_mark_may_have_blanks_in_it_up_to_forty_characters(small, blanks, codes):
    checked = check_value(field(small, "content"), f"同{' ' * blanks}上", context(small))
    assert [problem.code for problem in checked.problems] == codes
