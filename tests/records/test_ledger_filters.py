"""The table of a ledger's filters: addresses lead back to what they were made of, and every line restricts."""

from dataclasses import fields, replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checklist.model import Campaign, RecordForm
from checklist.states import STATES_BY_KIND, State
from forms_server.records.ledger_conditions import sought, wanted
from forms_server.records.ledger_filters import (
    LEDGER_FILTERS,
    Filters,
    FilterUse,
    parameters,
    parameters_of,
    read_filters,
)
from forms_server.records.query_string_values import DAY, FLAG, LONGEST, RELATION, STATE, WORDS
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.scope import Relation
from tests.builders import EAST, EAST_WILLOW, small_campaign
from tests.records.builders import ACCOUNTS, form_of

CAMPAIGN = small_campaign()
ISSUES = form_of(CAMPAIGN, "household-issues")
TODAY = date(2022, 8, 26)

PARAMETERS = {
    "whose", "unit", "area", "problem_type", "village", "state", "done", "due_soon", "sent_back", "overdue", "waiting",
    "extended", "extension_asked", "due_on", "filed_on", "rectified_on", "source", "householder", "responsible_unit", "words",
    "transferred",
}  # fmt: skip
"""What addresses are called by, in bookmarks and in mails that were sent: never renamed."""

EXAMPLES = {
    "relation": Relation.HERE,
    "unit_code": EAST, "area_id": CAMPAIGN.areas[0].id, "problem_type_id": "water", "village_code": EAST_WILLOW,
    "state": State.CLOSED, "done": True, "due_soon": True, "sent_back": True, "overdue": True, "waiting": True,
    "extended": True, "extension_asked": True, "due_on": TODAY, "filed_on": TODAY, "rectified_on": TODAY, "source": "self", "householder": "张某某",
    "responsible_unit": "水利", "words": "裂缝", "transferred": True,
}  # fmt: skip
"""A value of each, written down."""

_typed = st.text(max_size=LONGEST + 10)
_words = _typed.map(lambda words: WORDS.read(words, CAMPAIGN, ISSUES))


def _codes(*known: str) -> st.SearchStrategy[str | None]:
    return st.none() | st.sampled_from(known)


_days = st.none() | st.dates(date(1900, 1, 1), date(2199, 12, 31))
FILTERS = st.builds(
    Filters,
    relation=st.none() | st.sampled_from(Relation),
    unit_code=_codes(*CAMPAIGN.unit_by_code),
    area_id=_codes(*(area.id for area in CAMPAIGN.areas)),
    problem_type_id=_codes(*CAMPAIGN.problem_type_by_id),
    village_code=_codes(*CAMPAIGN.village_by_code),
    state=st.none() | st.sampled_from(STATES_BY_KIND["issue"]),
    **{name: st.booleans() for name, row in LEDGER_FILTERS.items() if row.value is FLAG},
    **{name: _days for name, row in LEDGER_FILTERS.items() if row.value is DAY},
    **{name: _words for name, row in LEDGER_FILTERS.items() if row.value is WORDS},
)


def ledger(form: RecordForm = ISSUES, who: str = "east") -> VisibleLedger:
    return VisibleLedger(CAMPAIGN, ACCOUNTS[who], form, TODAY)


@given(FILTERS)
def test_an_address_leads_back_to_the_filters_that_it_was_made_of(filters: Filters) -> None:
    assert read_filters(parameters_of(filters), CAMPAIGN, ISSUES) == filters


@given(_typed)
def test_words_are_read_again_as_they_were_read(typed: str) -> None:
    read = WORDS.read(typed, CAMPAIGN, ISSUES)
    assert WORDS.read(read, CAMPAIGN, ISSUES) == read
    assert len(read) <= LONGEST


def test_addresses_keep_their_parameters() -> None:
    assert {row.id for row in LEDGER_FILTERS.values()} == PARAMETERS
    assert len(LEDGER_FILTERS) == len(PARAMETERS)
    assert LEDGER_FILTERS.keys() == {each.name for each in fields(Filters)} == EXAMPLES.keys()


@pytest.mark.parametrize("name", LEDGER_FILTERS)
@given(
    text=st.text(max_size=20).filter(lambda text: text != "1") | st.sampled_from(["0001-01-01", "9999-12-31"])
)
def test_what_no_filter_knows_asks_for_nothing(name: str, text: str) -> None:
    row = LEDGER_FILTERS[name]
    if row.value is WORDS or (row.value is DAY and DAY.read(text, CAMPAIGN, ISSUES)):
        return
    if row.value is STATE and text in set(STATES_BY_KIND["issue"]):
        return
    if row.value is RELATION and text in set(Relation):
        return
    assert read_filters({row.id: text}, CAMPAIGN, ISSUES) == Filters()


def test_a_state_of_another_kind_of_records_asks_for_nothing() -> None:
    assert read_filters({"state": "proposed"}, CAMPAIGN, ISSUES) == Filters()


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_filter_restricts_the_ledger(campaign: Campaign, name: str) -> None:
    filters = replace(Filters(), **{name: EXAMPLES[name]})
    assert restriction(filters) != restriction(Filters())
    assert [row for row, _ in filters.asked()] == [LEDGER_FILTERS[name]]
    assert parameters(**{name: EXAMPLES[name]}) == parameters_of(filters)


def restriction(filters: Filters) -> list[str]:
    conditions = [*wanted(ledger(), filters), sought(ledger(), filters)]
    return [
        str(each.compile(compile_kwargs={"literal_binds": True})) for each in conditions if each is not None
    ]


@given(FILTERS)
def test_a_link_asks_by_the_same_names(filters: Filters) -> None:
    assert parameters(**{name: getattr(filters, name) for name in LEDGER_FILTERS}) == parameters_of(filters)


def test_a_link_by_a_name_that_no_filter_has_is_an_error_of_the_page() -> None:
    with pytest.raises(KeyError):
        parameters(unit=EAST)


@given(FILTERS)
def test_a_tab_is_chosen_alone_and_keeps_the_other_filters(filters: Filters) -> None:
    chosen = filters.tab(overdue=True)
    uses = {row.use for row, _ in chosen.asked()} | {FilterUse.TAB}
    assert {row.id for row, _ in chosen.asked() if row.use is FilterUse.TAB} == {"overdue"}
    assert uses == {row.use for row, _ in filters.asked()} | {FilterUse.TAB}
    assert not filters.tab().asks(FilterUse.TAB)


@given(FILTERS)
def test_counts_follow_units_areas_and_problem_types_alone(filters: Filters) -> None:
    assert filters.tallied() == Filters(
        filters.relation, filters.unit_code, area_id=filters.area_id, problem_type_id=filters.problem_type_id
    )


def test_a_problem_type_says_more_than_an_area() -> None:
    both = Filters(area_id="income", problem_type_id="water")
    assert restriction(both) == restriction(Filters(problem_type_id="water"))


def test_an_areas_problem_types_are_read_range_by_range() -> None:
    area = next(area for area in CAMPAIGN.areas if len(area.problem_types) > 1)
    everything = len(wanted(ledger(), Filters()))
    assert len(wanted(ledger(), Filters(area_id=area.id))) == everything * len(area.problem_types)
