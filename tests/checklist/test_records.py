"""check_record: a whole line of a form, with conditions, stages and the township that follows from the village."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.model import Campaign, RecordForm, Stage
from checklist.values.judge import CheckedRecord, Context, check_record
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER, WEST, WEST_WILLOW

TODAY = date(2022, 8, 9)
HOUSEHOLD = {
    "serial": "1",
    "village": "柳林村",
    "householder": "张某某",
    "household_type": "边缘户",
    "problem_type": "住房",
    "content": "西屋山墙有裂缝",
    "responsible_person": "李某",
    "deadline": "8月底前",
    "people": "4人",
}
GENERAL = {
    "level": "镇级",
    "problem_type": "收入",
    "content": "台账缺两列",
    "responsible_person": "李某",
    "deadline": "立行立改",
}


def form(campaign: Campaign, form_id: str) -> RecordForm:
    found = campaign.form_by_id[form_id]
    assert isinstance(found, RecordForm)
    return found


def check(campaign: Campaign, form_id: str, unit: str, raw: dict[str, str], **changes: str) -> CheckedRecord:
    context = Context(campaign, campaign.unit_by_code[unit], TODAY)
    return check_record(form(campaign, form_id), {**raw, **changes}, context)


def codes(record: CheckedRecord) -> list[tuple[str, str]]:
    return [(problem.place, problem.code) for problem in record.problems]


def test_a_whole_record(small):
    record = check(small, "household-issues", EAST, HOUSEHOLD)
    assert record.problems == ()
    assert record.values["village"] == EAST_WILLOW
    assert record.values["township"] == EAST
    assert record.values["people"] == 4
    assert record.values["measures"] is None
    assert "serial" not in record.values
    assert "outcome" not in record.values


def test_all_problems_at_once_in_the_order_of_the_form(small):
    record = check(small, "household-issues", EAST, {}, people="很多", village="石桥村")
    assert codes(record) == [
        ("village", "village-of-other-unit"),
        ("householder", "required"),
        ("household_type", "required"),
        ("problem_type", "required"),
        ("content", "required"),
        ("responsible_person", "required"),
        ("deadline", "required"),
        ("people", "not-an-integer"),
    ]
    assert record.errors == record.problems


def test_warnings_are_no_errors(small):
    record = check(small, "household-issues", EAST, HOUSEHOLD, deadline="一周内", measures="/")
    assert record.errors == ()
    assert [problem.place for problem in record.warnings] == ["measures", "deadline"]


def test_keys_that_the_form_does_not_have_change_nothing(small):
    more = {"unit": WEST, "status": "closed", "outcome": "已整改"}
    posted = check(small, "household-issues", EAST, HOUSEHOLD | more)
    assert posted == check(small, "household-issues", EAST, HOUSEHOLD)


def test_the_county_names_any_village_and_the_township_follows(small):
    record = check(small, "household-issues", WATER, HOUSEHOLD, village="上坝")
    assert (record.values["village"], record.values["township"]) == (EAST_DAM, EAST)


def test_a_township_that_is_named_tells_two_villages_of_one_name_apart(small):
    assert codes(check(small, "household-issues", WATER, HOUSEHOLD)) == [("village", "ambiguous-village")]
    record = check(small, "household-issues", WATER, HOUSEHOLD, township="西岭镇")
    assert (record.values["village"], record.values["township"]) == (WEST_WILLOW, WEST)


def test_a_village_that_contradicts_the_township(small):
    record = check(small, "household-issues", WATER, HOUSEHOLD, township="西岭镇", village=EAST_DAM)
    assert codes(record) == [("village", "village-of-other-unit")]
    assert "东河镇" in record.problems[0].message


def test_a_township_files_for_itself(small):
    record = check(small, "general-issues", EAST, GENERAL)
    assert (record.problems, record.values["township"]) == ((), EAST)
    assert codes(check(small, "general-issues", EAST, GENERAL, township="西岭镇")) == [
        ("township", "township-of-other-unit")
    ]


@pytest.mark.parametrize(
    ("level", "township", "village", "expected"),
    [
        ("县级", "", "", []),
        ("县级", "西岭镇", "", [("township", "not-asked-here")]),
        ("县级", "/", "—", []),
        ("县级", "没有的镇", "", [("township", "not-asked-here")]),
        ("镇级", "西岭镇", "", []),
        ("镇级", "", "", [("township", "required")]),
        ("镇级", "西岭镇", "柳林", [("village", "not-asked-here")]),
        ("村级", "", "上坝", []),
        ("村级", "", "", [("township", "required"), ("village", "required")]),
        ("", "", "", [("level", "required")]),
        ("几级", "", "上坝", [("level", "not-a-choice")]),
        ("村级", "", "没有的村", [("village", "unknown-village")]),
        ("", "", "没有的村", [("level", "required"), ("village", "unknown-village")]),
    ],
)
def test_fields_that_are_asked_under_a_condition(small, level, township, village, expected):
    record = check(small, "general-issues", WATER, GENERAL, level=level, township=township, village=village)
    assert codes(record) == expected


def test_a_township_that_is_not_asked_is_not_filled_in(small):
    record = check(small, "general-issues", EAST, GENERAL, level="县级")
    assert (record.problems, record.values["township"]) == ((), None)


def test_a_field_that_is_not_asked_has_no_value(small):
    record = check(small, "general-issues", EAST, GENERAL, level="县级", township="东河镇")
    assert record.values["township"] is None
    assert "面上问题层级" in record.problems[0].message


def test_stages(small):
    asked = form(small, "household-issues")
    context = Context(small, small.unit_by_code[EAST], TODAY)
    missing = check_record(asked, HOUSEHOLD, context, (Stage.FOUND, Stage.RECTIFIED))
    assert codes(missing) == [("outcome", "required")]
    assert check_record(asked, {"outcome": "已换瓦"}, context, (Stage.RECTIFIED,)).values == {
        "outcome": "已换瓦"
    }


@given(
    raw=st.dictionaries(
        st.sampled_from([*HOUSEHOLD, "township", "level", "outcome"]), st.text(st.characters(), max_size=20)
    )
)
def test_any_record_is_read_or_refused(raw, small):
    for form_id in ("household-issues", "general-issues", "proposed-household"):
        for unit in (EAST, WATER):
            record = check(small, form_id, unit, raw)
            places = {problem.place for problem in record.errors}
            assert all(record.values[place] is None for place in places)


@pytest.mark.parametrize(
    ("entered", "value", "problems"),
    [
        ("2022-08-05", None, [("entered_on", "earlier-than-other")]),
        ("2022-08-06", date(2022, 8, 6), []),
        ("2022-08-07", date(2022, 8, 7), []),
        ("", None, []),
    ],
)
def test_a_date_that_follows_another_is_not_before_it(small, entered, value, problems):
    record = check(
        small, "proposed-household", EAST,
        {
            "village": "柳林村", "householder": "张某某", "household_type": "边缘户", "people": "4",
            "problem_type": "住房", "reason": "户主住院。", "identified_on": "2022-08-06", "entered_on": entered,
        },
    )  # fmt: skip
    assert record.values["entered_on"] == value
    assert codes(record) == problems
