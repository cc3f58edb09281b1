"""What a visit asks, and of whom."""

from pathlib import Path

import pytest

from checklist.loading.loader import InvalidCampaign, load_campaign
from checklist.model import Campaign
from checklist.visit_forms import (
    asked_of_each,
    asked_once,
    issue_values,
    items_of,
    missing_once,
    problem_types_of,
    visit_forms,
)
from tests.builders import EAST, WATER, small_campaign

SHIPPED = Path(__file__).parents[2] / "checklist" / "2022-huitoukan"


@pytest.fixture(scope="module")
def shipped() -> Campaign:
    return load_campaign(SHIPPED)


def ids(campaign, form, unit, household_type=None):
    return [
        item.id
        for _, items in items_of(campaign, form, campaign.unit_by_code[unit], household_type)
        for item in items
    ]


def only(campaign, item_id, **keys):
    """The campaign with one item that is not asked of everyone."""
    areas = tuple(
        area.model_copy(update={
            name: tuple(item.model_copy(update=keys) if item.id == item_id else item for item in getattr(area, name))
            for name in ("key_checks", "items")
        })
        for area in campaign.areas
    )  # fmt: skip
    return campaign.model_copy(update={"areas": areas})


def test_every_subject_with_items_has_its_sheet():
    campaign = small_campaign()
    assert [form.id for form in visit_forms(campaign)] == ["household-issues", "general-issues"]


def test_fields_are_asked_once_or_of_each_problem_or_not_at_all(shipped):
    household, general = visit_forms(shipped)
    once = [field.id for field in asked_once(household).fields]
    each = [field.id for field in asked_of_each(household).fields]
    assert once == ["township", "village", "householder", "household_type", "people", "found_by"]
    assert each == [
        "problem_type",
        "content",
        "measures",
        "responsible_person",
        "responsible_unit",
        "deadline",
    ]
    assert [field.id for field in asked_once(general).fields] == ["level", "township", "village", "found_by"]
    values = issue_values(household, {"village": "x"}, {"content": "y"})
    assert values == {"village": "x", "content": "y", "source": "self"}


def test_at_most_four_fields_are_typed_for_a_problem(shipped):
    """The problem type follows from the item, the responsible unit stands there already."""
    for form in visit_forms(shipped):
        typed = {field.id for field in asked_of_each(form).fields} - {"problem_type", "responsible_unit"}
        assert typed == {"content", "measures", "responsible_person", "deadline"}


def test_what_every_issue_needs_and_the_roster_may_lack(shipped):
    household, general = visit_forms(shipped)
    assert [field.id for field in missing_once(household, {"village": "x", "householder": "y"})] == [
        "household_type",
        "found_by",
    ]
    assert [field.id for field in missing_once(general, {"level": "village", "found_by": "z"})] == [
        "township",
        "village",
    ]
    assert missing_once(general, {"level": "county", "found_by": "z"}) == ()


def test_items_are_asked_of_the_types_and_units_that_the_yaml_names():
    campaign = only(small_campaign(), "income-drop", household_types=("tuopin",))
    household, general = visit_forms(campaign)
    assert "income-drop" in ids(campaign, household, EAST, "tuopin")
    assert "income-drop" not in ids(campaign, household, EAST, "yiban")
    assert "income-drop" in ids(campaign, household, EAST)
    campaign = only(small_campaign(), "guarantees-clear", asked_of=(WATER,))
    assert ids(campaign, general, WATER) == ["guarantees-clear"]
    assert ids(campaign, general, EAST) == []
    assert "guarantees-clear" in ids(campaign, household, EAST)


def test_a_household_of_the_shipped_campaign_is_asked_what_its_clauses_say(shipped):
    household = visit_forms(shipped)[0]
    ordinary, poor = (set(ids(shipped, household, "341322110", kind)) for kind in ("yiban", "tuopin"))
    assert ordinary < poor
    assert all("脱贫" in shipped.item_by_id[item][1].text or "监测" in shipped.item_by_id[item][1].text
               or item.startswith(("income", "industry")) for item in poor - ordinary)  # fmt: skip


def test_problem_types_of_an_item(shipped):
    area, item = shipped.item_by_id["guarantees-08"]
    assert [kind.id for kind in problem_types_of(area, item)] == ["housing"]
    area, item = shipped.item_by_id["guarantees-k1"]
    assert len(problem_types_of(area, item)) == 4


@pytest.mark.parametrize("key", ["household_types", "asked_of"])
def test_what_an_item_names_must_be_there(tmp_path, key):
    folder = tmp_path / "2022-huitoukan"
    for path in SHIPPED.rglob("*.yml"):
        copy = folder / path.relative_to(SHIPPED)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_text(path.read_text(encoding="utf-8"), encoding="utf-8")
    file = folder / "areas" / "07-relocation.yml"
    words = file.read_text(encoding="utf-8")
    file.write_text(words.replace("    how:", f"    {key}:\n      - nobody\n    how:", 1), encoding="utf-8")
    with pytest.raises(InvalidCampaign) as found:
        load_campaign(folder)
    [problem] = found.value.problems
    assert problem.place.startswith("areas/07-relocation.yml:")
    assert "nobody" in problem.message
