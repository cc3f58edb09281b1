"""A form's YAML as fields of a page: every type, every shipped field, the right lists for each account."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from checklist.loading.loader import load_campaign
from checklist.model import FieldType, RecordForm, Stage
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.values.judge import Context, check_record
from forms_server.web.fields.field_builders import FIELDS
from forms_server.web.fields.offered_choices import Offer
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.ledger_columns import CELLS
from tests.builders import EAST, EAST_WILLOW, WEST_WILLOW, small_campaign
from tests.records.builders import ACCOUNTS, form_of

SMALL = small_campaign()
SHIPPED = load_campaign(Path(__file__).parents[2] / "checklist" / "2022-huitoukan")
FOUND = (Stage.FOUND,)
TODAY = date(2022, 8, 15)


def _fields(who: str, form_id: str = "household-issues", stages: tuple[Stage, ...] = FOUND) -> RecordFields:
    return RecordFields(form_of(SMALL, form_id), stages, Offer(SMALL, ACCOUNTS[who]))


def _context(who: str) -> Context:
    return Context(SMALL, SMALL.unit_by_code[ACCOUNTS[who].unit_code], TODAY)


def _options(fields: RecordFields, name: str) -> Mapping[str, list[str]]:
    """The words of a list by group, without the empty choice."""
    select = BeautifulSoup(fields[name](), "html.parser")
    groups = {
        str(group["label"]): [option.text for option in group("option")] for group in select("optgroup")
    }
    loose = [
        option.text for option in select("option") if option.parent.name != "optgroup" and option["value"]
    ]
    return {**({"": loose} if loose else {}), **groups}


def test_every_type_has_an_entry():
    assert set(FIELDS) == set(FieldType)
    assert set(CELLS) == set(FieldType)


@pytest.mark.parametrize("form", SHIPPED.record_forms, ids=lambda form: form.id)
def test_a_page_asks_all_fields_of_the_form_in_its_order(form: RecordForm):
    account = ACCOUNTS["water"]  # of no township, so that nothing goes without asking
    unit = SHIPPED.units.county_units[0].code
    offer = Offer(SHIPPED, replace(account, unit_code=unit))
    asked = [field.id for field in RecordFields(form, tuple(Stage), offer).asked]
    assert asked == [field.id for field in form.fields if field.type is not FieldType.SERIAL]


def test_a_township_is_not_asked_for_itself():
    assert "township" not in _fields("east")
    assert "township" in _fields("water")


def test_a_township_is_offered_its_own_villages():
    assert _options(_fields("east"), "village") == {"": ["湖滨社区", "柳林村", "上坝村"]}


def test_someone_bound_to_a_village_is_offered_that_one():
    assert _options(_fields("willow"), "village") == {"": ["柳林村"]}


def test_a_county_unit_is_offered_all_villages_by_township():
    assert _options(_fields("water"), "village") == {
        "东河镇": ["湖滨社区", "柳林村", "上坝村"],
        "西岭镇": ["柳林村", "石桥村"],
    }


def test_problem_types_stand_under_an_area_that_has_several():
    assert _options(_fields("east"), "problem_type") == {
        "": ["收入变化方面"],
        "住房和饮水安全方面": ["住房安全", "饮水安全"],
    }


def test_responsible_units_are_a_text_with_a_list_beside_it_the_own_unit_first():
    assert BeautifulSoup(_fields("east")["responsible_unit"](), "html.parser").input["type"] == "text"
    listed = {
        who: [
            (name, [unit.name for unit in units]) for name, units in Offer(SMALL, ACCOUNTS[who]).unit_groups()
        ]
        for who in ("west", "water")
    }
    assert listed == {
        "west": [("乡镇", ["西岭镇", "东河镇"]), ("县直单位", ["县水利局"])],
        "water": [("县直单位", ["县水利局"]), ("乡镇", ["东河镇", "西岭镇"])],
    }


def test_an_example_is_a_placeholder():
    assert 'placeholder="如：张某某"' in _fields("east")["householder"]()


def test_what_the_item_says_is_chosen_already():
    offer, form = Offer(SMALL, ACCOUNTS["willow"]), form_of(SMALL, "household-issues")
    assert offer.known(form) == {"village": EAST_WILLOW, "responsible_unit": "东河镇"}
    assert offer.known(form, SMALL.item_by_id["water-enough"])["problem_type"] == "water"
    assert offer.known(form, SMALL.item_by_id["income-drop"])["problem_type"] == "income"
    assert "problem_type" not in offer.known(form, SMALL.item_by_id["guarantees-clear"])


def test_the_own_name_stands_where_the_form_suggests_it():
    shipped = SHIPPED.record_forms[0]
    account = ACCOUNTS["office"]
    offer = Offer(SHIPPED, replace(account, unit_code=SHIPPED.units.office.code))
    named = [field.id for field in shipped.fields if field.suggest == "own-name"]
    assert {field_id: offer.known(shipped)[field_id] for field_id in named} == dict.fromkeys(named, "填报员6")


def test_a_field_under_a_condition_is_not_filled_in_beforehand():
    known = Offer(SMALL, ACCOUNTS["willow"]).known(form_of(SMALL, "general-issues"))
    assert known == {"responsible_unit": "东河镇"}


@pytest.mark.parametrize(
    ("who", "item", "units"),
    [
        ("willow", "water-enough", "县水利局、东河镇"),
        ("willow", "income-drop", "东河镇"),
        ("department", "water-enough", "县水利局"),
        ("department", "income-drop", "县水利局"),
    ],
)
def test_who_answers_for_the_item_stands_there_already(who: str, item: str, units: str):
    offer = Offer(SMALL, ACCOUNTS[who])
    known = offer.known(form_of(SMALL, "household-issues"), SMALL.item_by_id[item])
    assert known["responsible_unit"] == units


def test_more_units_than_the_field_holds_are_not_named():
    offer = Offer(SHIPPED, replace(ACCOUNTS["willow"], unit_code=SHIPPED.units.townships[0].code))
    funds = next(area for area in SHIPPED.areas if len(area.responsible_text) > 60)
    known = offer.known(SHIPPED.record_forms[0], (funds, funds.items[0]))
    assert known["responsible_unit"] == SHIPPED.units.townships[0].name


def test_problems_stand_beside_their_fields_and_what_was_typed_stays():
    fields = _fields("east")
    fields.process(MultiDict({"householder": "张某某", "people": "很多", "village": WEST_WILLOW}))
    assert fields.check(_context("east")) is None
    assert fields["people"].errors
    assert fields["content"].errors
    assert fields["householder"].errors == ()
    assert (fields["people"].data, fields["village"].data) == ("很多", WEST_WILLOW)
    assert WEST_WILLOW in _options(fields, "village")[""]


def test_a_date_that_the_picker_cannot_show_stays_as_text():
    fields = _fields("east", "proposed-household")
    for typed, kind in (("", "date"), ("2022-08-12", "date"), ("８月12日", "text")):
        fields.process(MultiDict({"identified_on": typed}))
        shown = BeautifulSoup(fields["identified_on"](), "html.parser").input
        assert (shown["type"], shown["value"]) == (kind, typed)


STORED: dict[str, st.SearchStrategy[object]] = {
    "village": st.sampled_from([village.code for village in SMALL.units.townships[0].villages]),
    "householder": st.just("张某某"),
    "household_type": st.sampled_from(["tuopin", "bianyuan", "yiban"]),
    "problem_type": st.sampled_from([each.id for each in SMALL.problem_types]),
    "content": st.just("西屋漏雨。\n东屋也漏。"),
    "measures": st.none() | st.just("修缮。"),
    "responsible_person": st.just("王某某"),
    "responsible_unit": st.none() | st.just("县水利局"),
    "deadline": st.sampled_from(
        [
            Deadline(DeadlineKind.DATE, date(2022, 8, 25), "2022-08-25"),
            Deadline(DeadlineKind.DATE, date(2022, 8, 31), "8月底前"),
            Deadline(DeadlineKind.IMMEDIATE, None, "立行立改"),
        ]
    ),
    "people": st.none() | st.integers(1, 30),
}


def test_a_deadline_that_nobody_touched_is_not_read_again_in_another_year():
    stored = {"deadline": Deadline(DeadlineKind.DATE, date(2022, 8, 31), "8月底前"), "content": "漏雨"}
    fields = _fields("east")
    fields.process(MultiDict({"deadline": "8月底前", "content": "漏雨，已盖油布"}))
    assert fields.untouched(stored) == {"deadline": stored["deadline"]}


@given(st.fixed_dictionaries(STORED))
def test_what_is_stored_stands_in_the_page_so_that_saving_it_changes_nothing(stored: dict[str, object]):
    fields = _fields("east")
    kept = {field_id: value for field_id, value in stored.items() if value is not None}
    fields.show(kept)
    typed = {field.id: fields[field.id].data or "" for field in fields.asked}
    checked = check_record(fields.record_form, typed, _context("east"))
    assert not checked.errors
    assert {key: value for key, value in checked.values.items() if value is not None} == {
        **kept,
        "township": EAST,
    }
