"""Villages, townships and choices by any of their names, in the small and in the shipped campaign."""

from datetime import date

import pytest

from checklist.model import Campaign, Field, FieldType, RecordForm
from checklist.values.display import display
from checklist.values.judge import Context, check_value
from tests.builders import EAST, EAST_DAM, EAST_LAKE, EAST_WILLOW, WATER, WEST, WEST_BRIDGE, WEST_WILLOW
from tests.checklist.reading.examples import examples

TODAY = date(2022, 8, 9)
HOUSEHOLD, GENERAL, PROPOSED = 0, 1, 2
"""Places of the small campaign's record forms."""


def context(campaign: Campaign, unit: str = EAST) -> Context:
    return Context(campaign, campaign.unit_by_code[unit], TODAY)


def field(campaign: Campaign, field_id: str, form: int = HOUSEHOLD) -> Field:
    return campaign.record_forms[form].field(field_id)


@pytest.mark.parametrize(
    ("unit", "typed", "code"),
    [
        (EAST, "柳林村委会", EAST_WILLOW),
        (EAST, "柳林", EAST_WILLOW),
        (WEST, "柳林", WEST_WILLOW),
        (EAST, "东河镇柳林村", EAST_WILLOW),
        (EAST, "青河县东河镇柳林村", EAST_WILLOW),
        (EAST, "大坝", EAST_DAM),
        (EAST, "湖滨居委会", EAST_LAKE),
        (EAST, EAST_DAM, EAST_DAM),
        (EAST, "９９９００１００１２０１", EAST_DAM),
        (WATER, "石桥", WEST_BRIDGE),
        (WATER, "西岭乡柳林", WEST_WILLOW),
        (WATER, WEST_WILLOW, WEST_WILLOW),
    ],
)
def test_a_village_by_any_of_its_names(small, unit, typed, code):
    checked = check_value(field(small, "village"), typed, context(small, unit))
    assert (checked.value, checked.problems) == (code, ())


@pytest.mark.parametrize(
    ("field_id", "row"),
    [
        pytest.param(f"{name[:-1]}", *row.values, id=f"{name} {row.id}")
        for name in ("household_types", "problem_types")
        for row in examples(name)
    ],
)
def test_choices_of_the_shipped_campaign(field_id, row, shipped):
    form = shipped.form_by_id["annex-1-1"]
    assert isinstance(form, RecordForm)
    checked = check_value(form.field(field_id), row["typed"], context(shipped, "341322110"))
    assert display(form.field(field_id), checked.value, shipped) == (row["read"] or "")
    assert bool(checked.problems) == (row["read"] is None)
    if "among" in row:
        assert [problem.code for problem in checked.problems] == ["ambiguous"]
        assert f"可以指{row['among']}，分不清是哪一个" in checked.problems[0].message


@pytest.mark.parametrize("row", examples("townships"))
def test_townships_of_the_shipped_campaign(row, shipped):
    township = shipped.form_by_id["annex-1-1"].field("township")
    checked = check_value(township, row["typed"], context(shipped, "jiaotiju"))
    assert display(township, checked.value, shipped) == (row["read"] or "")
    assert bool(checked.problems) == (row["read"] is None)


@pytest.mark.parametrize(
    ("unit", "typed", "name"),
    [("341322110", "本镇", "丁里镇"), ("341322110", "我镇", "丁里镇"), ("jiaotiju", "本镇", "")],
)
def test_a_township_calls_itself_so_in_its_own_ledger_alone(shipped, unit, typed, name):
    township = shipped.form_by_id["annex-1-1"].field("township")
    checked = check_value(township, typed, context(shipped, unit))
    assert display(township, checked.value, shipped) == name


def test_a_village_with_another_townships_name_is_not_sought_by_the_townships_name(shipped):
    village = shipped.form_by_id["annex-1-1"].field("village")
    said = [check_value(village, "丁里镇张庄村", context(shipped, unit)).problems[0].message
            for unit in ("341322110", "jiaotiju")]  # fmt: skip
    assert "丁里社区" not in "".join(said)
    assert "新庄镇张庄村委会" in said[1]


def test_every_village_of_the_shipped_campaign_is_found_by_its_name(shipped):
    village = next(field for field in shipped.record_forms[0].fields if field.type is FieldType.VILLAGE)
    county = Context(shipped, shipped.units.county_units[0], TODAY)
    for code, township in shipped.township_of_village.items():
        name = shipped.village_by_code[code].name
        assert check_value(village, township.name + name, county).value == code
        assert check_value(village, name, county.within(township)).value == code


@pytest.mark.parametrize(
    "typed",
    [
        "柳林村村委会",
        "（1）柳林村",
        "1.柳林村",
        "一、柳林村",
        "柳林村（2）",
        "东河镇柳林村村委会",
        "柳林村村民委员会",
    ],
)
def test_a_village_is_known_by_its_number_and_with_its_village_said_twice(small, typed):
    assert check_value(field(small, "village"), typed, context(small)).value == EAST_WILLOW


@pytest.mark.parametrize(
    ("typed", "township", "codes"),
    [
        ("东河镇柳林村", EAST, (EAST_WILLOW,)),
        ("东河镇柳林村", None, (EAST_WILLOW,)),
        ("西岭镇柳林村", EAST, ()),
        ("柳林村", WEST, (WEST_WILLOW,)),
        ("柳林村", None, (EAST_WILLOW, WEST_WILLOW)),
    ],
)
def test_a_township_before_a_village_is_understood_within_that_township_alone(small, typed, township, codes):
    unit = small.unit_by_code[township] if township else None
    assert context(small).names.village(typed, unit) == codes
