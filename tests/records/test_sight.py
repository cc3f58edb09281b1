"""Who sees an issue: page, count, look-up and export say the same, which plain Python says, too."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, delete

from build_scripts.workbooks.xlsx_writer import to_xlsx
from checklist.model import Campaign
from checklist.values.judge import Context
from forms_server import scope
from forms_server.account import Account, Role
from forms_server.db.engine import transaction
from forms_server.db.tables import issue
from forms_server.desk import Desk, NotFound
from forms_server.figures.unit_figures import ledger_figures
from forms_server.imports.ledger_exporting import export
from forms_server.imports.ledger_import import read_ledgers
from forms_server.records import record_rows, record_store
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.record_counts import counts
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.reminders.due_reminders import due_days, reminders
from forms_server.responsibility import answering, household_items
from forms_server.scope import Relation, visible_households
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WATER, WEST, WEST_BRIDGE, WEST_WILLOW, small_campaign
from tests.records.builders import ACCOUNTS, MORNING, form_of, household_issue, proposed, record_id
from tests.records.conftest import At

TODAY = date(2022, 8, 26)
TOWNSHIP_OF = {EAST_WILLOW: EAST, EAST_DAM: EAST, WEST_WILLOW: WEST, WEST_BRIDGE: WEST}
UNITS = {"东河镇": EAST, "西岭镇": WEST, "水利局": WATER}
WATER_PEOPLE = {"east": EAST, "west": WEST, "water": WATER}

Story = tuple[str, str, tuple[str, ...], str]
"""Who files, in which village, which units are named, and under which problem type."""

_stories = st.lists(
    st.tuples(
        st.sampled_from(sorted(WATER_PEOPLE)),
        st.sampled_from(sorted(TOWNSHIP_OF)),
        st.lists(st.sampled_from(sorted(UNITS)), max_size=3, unique=True).map(tuple),
        st.sampled_from(["water", "income"]),
    ).filter(lambda story: story[0] == "water" or WATER_PEOPLE[story[0]] == TOWNSHIP_OF[story[1]]),
    min_size=1,
    max_size=6,
)


def sees(account: Account, campaign: Campaign, story: Story) -> bool:
    """The rule of design.md ("Sight") in plain words."""
    who, village, named, problem_type = story
    filer, codes = WATER_PEOPLE[who], {UNITS[name] for name in named}
    if account.role is Role.OFFICE:
        return True
    if account.role is Role.INSPECTOR:
        return bool({filer, TOWNSHIP_OF[village], *codes} & account.inspects)
    if account.role is Role.ADMIN:
        return False
    if account.village_code:
        return village == account.village_code
    answers = account.role is Role.DEPARTMENT and account.unit_code in answering(campaign, problem_type, None)
    return account.unit_code in {filer, TOWNSHIP_OF[village], *codes} or answers


def file_all(connection: Connection, campaign: Campaign, stories: Iterable[tuple[int, Story]]) -> None:
    """File issues whose numbers are kept, a minute apart."""
    for minute, (number, (who, village, named, problem_type)) in enumerate(stories):
        at = MORNING + timedelta(minutes=minute)
        place = {"village": village, "township": TOWNSHIP_OF[village], "problem_type": problem_type}
        text = "、".join(named) or "河长办"
        filing = household_issue(campaign, number, WATER_PEOPLE[who], responsible_unit=text, **place)
        record_store.create(Desk(connection, campaign, ACCOUNTS[who], at), filing)


def listed(connection: Connection, campaign: Campaign, account: Account, **asked: Any) -> set[str]:
    ledger = VisibleLedger(campaign, account, form_of(campaign, "household-issues"), TODAY)
    found = [record.id for record in page(connection, ledger, Filters(**asked)).records]
    assert len(set(found)) == len(found)
    assert sum(counts(connection, ledger, Filters(**asked)).values()) == len(found)
    return set(found)


def of(*units: str) -> Account:
    """An inspector of these units."""
    return replace(ACCOUNTS["inspector"], inspects=frozenset(units))


@pytest.mark.parametrize("nearly_all", [0.5, 0.75])
@pytest.mark.parametrize(
    ("account", "numbers"),
    [
        (of(EAST), {0, 1, 2}),
        (of(WEST), {2, 3, 4}),
        (of(WATER), {1, 2, 3}),
        (of(EAST, WATER), {0, 1, 2, 3}),
        (of(EAST, WEST), {0, 1, 2, 3, 4}),
        (of(EAST, WEST, WATER), {0, 1, 2, 3, 4}),
        (of(), set()),
    ],
    ids=lambda each: ",".join(sorted(each.inspects)) if isinstance(each, Account) else None,
)
def test_an_inspector_sees_what_lies_in_its_units_and_names_them(
    engine: Engine,
    campaign: Campaign,
    monkeypatch: pytest.MonkeyPatch,
    account: Account,
    numbers: set[int],
    nearly_all: float,
):
    monkeypatch.setattr(scope, "_NEARLY_ALL", nearly_all)
    form = form_of(campaign, "household-issues")
    with transaction(engine) as connection:
        file_all(connection, campaign, enumerate(STORIES))
        assert listed(connection, campaign, account) == set(map(record_id, numbers))
        desk = Desk(connection, campaign, account, MORNING)
        seen = {each for each in range(len(STORIES)) if found(desk, form, record_id(each))}
    assert seen == numbers


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stories=_stories, data=st.data())
def test_every_account_sees_what_the_rule_says_whatever_the_order_of_filing(
    engine: Engine, campaign: Campaign, stories: list[Story], data: st.DataObject
):
    form = form_of(campaign, "household-issues")
    order = data.draw(st.permutations(list(enumerate(stories))))
    with transaction(engine) as connection:
        connection.execute(delete(issue))
        file_all(connection, campaign, order)
        for account in ACCOUNTS.values():
            expected = {
                record_id(number) for number, story in enumerate(stories) if sees(account, campaign, story)
            }
            assert listed(connection, campaign, account) == expected, account.name
            desk = Desk(connection, campaign, account, MORNING)
            assert {
                each for each in map(record_id, range(len(stories))) if found(desk, form, each)
            } == expected


def found(desk: Desk, form: Any, record: str) -> bool:
    try:
        return record_rows.find(desk, form, record) is not None
    except NotFound:
        return False


STORIES: list[Story] = [
    ("east", EAST_WILLOW, ("东河镇",), "income"),
    ("water", EAST_WILLOW, ("东河镇", "水利局"), "income"),
    ("water", WEST_BRIDGE, ("东河镇",), "income"),
    ("west", WEST_WILLOW, ("水利局",), "income"),
    ("west", WEST_WILLOW, ("西岭镇",), "water"),
]


@pytest.mark.parametrize(
    ("who", "relation", "numbers"),
    [
        ("east", None, {0, 1, 2}),
        ("east", Relation.OWN, {0}),
        ("east", Relation.HERE, {1}),
        ("east", Relation.RESPONSIBLE, {0, 1, 2}),
        ("willow", None, {0, 1}),
        ("willow", Relation.OWN, {0}),
        ("willow", Relation.HERE, {1}),
        ("willow", Relation.RESPONSIBLE, {0, 1}),
        ("west", None, {2, 3, 4}),
        ("west", Relation.HERE, {2}),
        ("west", Relation.RESPONSIBLE, {4}),
        ("water", None, {1, 2, 3}),
        ("water", Relation.OWN, {1, 2}),
        ("water", Relation.HERE, set()),
        ("water", Relation.RESPONSIBLE, {1, 3}),
        ("department", None, {1, 2, 3, 4}),
        ("department", Relation.RESPONSIBLE, {1, 3}),
        ("inspector", None, {2, 3, 4}),
        ("inspector", Relation.OWN, {3, 4}),
        ("office", Relation.OWN, set()),
        ("admin", Relation.OWN, set()),
    ],
)
def test_a_ledger_tells_what_is_own_what_lies_here_and_what_the_unit_answers_for(
    engine: Engine, campaign: Campaign, who: str, relation: Relation | None, numbers: set[int]
):
    with transaction(engine) as connection:
        file_all(connection, campaign, enumerate(STORIES))
        shown = listed(connection, campaign, ACCOUNTS[who], relation=relation)
    assert shown == set(map(record_id, numbers))


def test_a_units_export_holds_what_it_filed_and_nothing_else(engine: Engine, campaign: Campaign):
    with transaction(engine) as connection:
        file_all(connection, campaign, enumerate(STORIES))
        for who, number in (("east", 1), ("west", 2), ("water", 2)):
            account = ACCOUNTS[who]
            unit = campaign.unit_by_code[account.unit_code]
            data = to_xlsx(export(connection, campaign, unit, account))
            context = Context(campaign, unit, TODAY)
            ids = {entry.record_id for entry in read_ledgers(data, context, "某某").entries}
            assert ids == listed(connection, campaign, account, relation=Relation.OWN)
            assert len(ids) == number


def test_an_edit_of_place_or_units_changes_who_sees(engine: Engine, campaign: Campaign):
    with transaction(engine) as connection:
        file_all(connection, campaign, [(1, STORIES[2])])
        water = Desk(connection, campaign, ACCOUNTS["water"], MORNING)
        first = record_rows.get(water, form_of(campaign, "household-issues"), record_id(1))
        assert listed(connection, campaign, ACCOUNTS["east"]) == {record_id(1)}
        moved = {**first.values, "village": WEST_WILLOW, "responsible_unit": "西岭镇"}
        again = record_store.edit(water, first, 1, moved, different=True)
        assert listed(connection, campaign, ACCOUNTS["east"]) == set()
        record_store.edit(water, again, 2, {**moved, "village": EAST_DAM, "township": EAST}, different=True)
        assert listed(connection, campaign, ACCOUNTS["east"]) == {record_id(1)}
        assert listed(connection, campaign, ACCOUNTS["willow"]) == set()


def test_a_form_without_a_township_is_seen_by_the_villages_township(engine: Engine, campaign: Campaign):
    with transaction(engine) as connection:
        filing = household_issue(campaign, 1, WATER, responsible_unit="河长办", township=None)
        record_store.create(Desk(connection, campaign, ACCOUNTS["water"], MORNING), filing)
        assert listed(connection, campaign, ACCOUNTS["east"], relation=Relation.HERE) == {record_id(1)}


@pytest.mark.parametrize(
    ("of_items", "seen"),
    [
        ([], "false"),
        ([()], "true"),
        ([("a",), ("b", "a")], "household.household_type IN ('a', 'b') OR household.household_type IS NULL"),
        ([("a",), ()], "true"),
    ],
)
def test_a_county_unit_finds_the_households_about_which_its_items_ask(monkeypatch, of_items, seen) -> None:
    item = next(item for area in small_campaign().areas for item in area.all_items)
    items = [item.model_copy(update={"household_types": types}) for types in of_items]
    monkeypatch.setattr(scope, "household_items", lambda *_: iter(items))
    who = Account("1", "x", "", WATER, None, Role.REPORTER, False)
    condition = visible_households(small_campaign(), who).compile(compile_kwargs={"literal_binds": True})
    assert str(condition) == seen


def test_the_items_about_households_of_a_unit_are_those_it_answers_for() -> None:
    found = {item.id for item in household_items(small_campaign(), WATER)}
    assert "water-enough" in found
    assert "income-drop" not in found


def test_a_household_that_another_unit_proposed_first_is_no_task_of_those_who_joined_it(
    engine: Engine, at: At, campaign: Campaign
) -> None:
    with at("east") as desk:
        first = record_store.create(desk, proposed(campaign))
    with at("west") as desk:
        again = replace(proposed(campaign, 2), unit_code=WEST, same_as=first.id)
        assert record_store.create(desk, again).id == first.id
    late, told = date(2022, 9, 10), {}
    with engine.connect() as connection:
        for who in ("east", "west"):
            account = ACCOUNTS[who]
            ledger = VisibleLedger(campaign, account, first.form, late)
            assert [each.id for each in page(connection, ledger, Filters(overdue=True)).records] == [first.id]
            figures = ledger_figures(connection, campaign, account, late)
            due = due_days(connection, campaign, account, MORNING.date(), late)
            words = " ".join(each.words for each in reminders(connection, campaign, account, late))
            told[who] = sum(each.overdue for each in figures), len(due), first.form.name in words
    assert told == {"east": (1, 1, True), "west": (0, 0, False)}
