"""Counts of a sheet: areas add up to the whole, and what was filled in at once is told by area, time and person."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.visit_forms import items_of
from forms_server.visits.sheet_counts import filled_areas, of_areas, unfolded, whole_sheet
from forms_server.visits.visit import Answer, Answered
from forms_server.visits.visit_sheet import ANSWER, FILLED, fill_up, filled_in
from tests.builders import EAST, small_campaign
from tests.records.builders import form_of

CAMPAIGN = small_campaign()
GROUPS = items_of(CAMPAIGN, form_of(CAMPAIGN, "household-issues"), CAMPAIGN.unit_by_code[EAST], None)
ITEMS = [item.id for _, items in GROUPS for item in items]
AREAS = [area.id for area, _ in GROUPS]
ANSWERS = st.dictionaries(st.sampled_from([*ITEMS, "asked-no-more"]), st.sampled_from(Answer))
NINE, TEN = datetime(2022, 8, 9, 9), datetime(2022, 8, 9, 10)


@given(ANSWERS, st.frozensets(st.sampled_from(ITEMS)))
def test_the_areas_add_up_to_the_whole(answers, marked):
    whole, areas = whole_sheet(GROUPS, answers), of_areas(GROUPS, answers)
    for name in ("items", "answered", "problems", "left"):
        assert getattr(whole, name) == sum(getattr(count, name) for count in areas.values())
    assert whole.answered == len([item for item in ITEMS if item in answers])
    opened = unfolded(GROUPS, answers, marked)
    if marked:
        assert opened == {area.id for area, items in GROUPS if {item.id for item in items} & marked}
    else:
        assert opened <= {area_id for area_id, count in areas.items() if count.left}
        assert len(opened) == min(1, whole.left)


@given(st.dictionaries(st.sampled_from(ITEMS), st.sampled_from(Answer)), st.sampled_from(AREAS))
def test_filling_up_an_area_touches_nothing_that_is_answered(answers, area_id):
    texts = {item_id + ANSWER: answer.value for item_id, answer in answers.items()}
    own = {item.id for area, items in GROUPS if area.id == area_id for item in items}
    filled = fill_up(texts, GROUPS, Answer.FINE, area_id)
    assert filled_in(filled, GROUPS) == own - answers.keys()
    assert {key: filled[key] for key in texts} == texts
    again = fill_up(filled, GROUPS, Answer.NOT_APPLICABLE, area_id)
    assert filled_in(again, GROUPS) == own - answers.keys()


@pytest.mark.parametrize("said", ["house-safe", "house-safe house-safe", "no-such house-safe"])
def test_a_problem_is_never_filled_in(said):
    assert filled_in({"house-safe.is": "problem", "guarantees" + FILLED: said}, GROUPS) == frozenset()


def test_what_was_filled_in_is_told_by_area_time_and_person():
    answers = {
        "income-stable": Answered(Answer.FINE, None, "a", NINE),
        "income-drop": Answered(Answer.FINE, None, "b", TEN),
        "house-safe": Answered(Answer.FINE),
        "water-enough": Answered(Answer.NOT_APPLICABLE, None, "a", NINE),
        "guarantees-clear": Answered(Answer.NOT_APPLICABLE, None, "a", NINE),
    }
    told = [
        (each.area.id, each.answer, each.account_id, each.at, each.number)
        for each in filled_areas(GROUPS, answers)
    ]
    assert told == [
        ("income", Answer.FINE, "a", NINE, 1),
        ("income", Answer.FINE, "b", TEN, 1),
        ("guarantees", Answer.NOT_APPLICABLE, "a", NINE, 2),
    ]
