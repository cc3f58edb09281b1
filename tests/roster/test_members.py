"""Members of households: known from a list with a row for each person, offered, corrected and taken back with it."""

from datetime import date

import pytest
from sqlalchemy import select

from build_scripts.intake.person_marks import PersonMark
from forms_server.db.tables import household, person
from forms_server.households.persons import forget_unnamed, identify_person, members_of
from forms_server.imports.batch_undo import NotUndoable
from forms_server.personal_data.erasure import erase_household
from tests.builders import EAST
from tests.records.builders import MORNING
from tests.roster.lists import codes, county, lists
from tests.roster.test_importing import plan_of, take
from tests.roster.test_undoing import take_back, take_in

HEAD = "户编号|行政村|姓名|与户主关系|户内状态\n"
ZHANG = "H1|柳林村|张某甲|户主|正常\nH1|柳林村|李某乙|妻|正常\nH1|柳林村|张某丙|子|正常\n"
WANG = "H2|柳林村|王某甲|户主|正常\n"
FIRST = HEAD + ZHANG + WANG
LATER = (
    HEAD
    + ZHANG.replace("李某乙|妻|正常", "李某乙|妻|自然减少").replace("张某丙", "张 某丙")
    + "H1|柳林村|张某丁|女|正常\n"
    + WANG
)


@pytest.fixture
def campaign():
    return county()


def members(desk):
    """The offered names of each household, by its number."""
    query = select(household.c.number, household.c.id).order_by(household.c.number)
    return {number: members_of(desk.connection, key) for number, key in desk.connection.execute(query)}


def test_a_list_by_person_tells_the_members_and_says_what_changes(at):
    with at("east") as desk:
        assert take(desk, FIRST) == (2, 0, 0, 0, [])
        assert members(desk) == {"H1": ["张某丙", "张某甲", "李某乙"], "H2": ["王某甲"]}
        assert take(desk, FIRST) == (0, 0, 2, 0, [])
        (change,) = plan_of(desk, LATER).plan.changed
        assert change.fields == {"members": ("张某丙、张某甲、李某乙", "张某丁、张某丙、张某甲")}
        assert take(desk, LATER) == (0, 1, 1, 0, [])
        assert members(desk) == {"H1": ["张某丁", "张某丙", "张某甲"], "H2": ["王某甲"]}
        assert take(desk, LATER) == (0, 0, 2, 0, [])


def test_who_comes_back_is_no_second_person(at):
    with at("east") as desk:
        for table in (FIRST, LATER, FIRST):
            take(desk, table)
        assert members(desk)["H1"] == ["张某丙", "张某甲", "李某乙"]
        assert len(desk.connection.execute(select(person)).all()) == 5


def test_a_list_of_some_persons_adds_them_and_takes_nobody_away(at):
    some = (
        "户编号|行政村|户主|姓名\nH1|柳林村|张某甲|李某乙\nH1|柳林村|张某甲|张某戊\nH2|柳林村|王某甲|王某甲\n"
    )
    with at("east") as desk:
        take(desk, FIRST)
        assert take(desk, some) == (0, 1, 1, 0, [])
        assert members(desk)["H1"] == ["张某丙", "张某戊", "张某甲", "李某乙"]


def test_a_list_of_households_says_nothing_of_members(at):
    with at("east") as desk:
        take(desk, FIRST)
        assert take(desk, "户编号|行政村|户主|家庭人口数\nH1|柳林村|张某甲|3\nH2|柳林村|王某甲|1\n") == (
            0,
            0,
            2,
            0,
            [],
        )
        assert members(desk)["H1"] == ["张某丙", "张某甲", "李某乙"]


def test_names_that_are_none_are_told_and_left_out():
    found = lists(FIRST.replace("李某乙", "李某乙、李某丁").replace("张某丙", "13800138000"), EAST)
    assert ("名册!C3", "several-persons") in codes(found)
    assert [problem.code for problem in found.errors] == []
    assert dict(found.households[0].members.names) == {"张某甲": "张某甲"}


def test_a_name_that_cannot_be_read_takes_nobody_away(at):
    with at("east") as desk:
        take(desk, FIRST)
        counts = take(desk, FIRST.replace("李某乙|妻", "李某乙、李某丁|妻"))
        assert counts[:4] == (0, 0, 2, 0)
        assert members(desk)["H1"] == ["张某丙", "张某甲", "李某乙"]


def test_lists_are_taken_back_in_turn_with_their_members(at):
    with at("east") as desk:
        first = take_in(desk, FIRST)
        second = take_in(desk, LATER)
        with pytest.raises(NotUndoable) as refused:
            take_back(desk, first)
        assert {(each.subject, each.reasons) for each in refused.value.found} == {("household", ("changed",))}
        take_back(desk, second)
        assert members(desk)["H1"] == ["张某丙", "张某甲", "李某乙"]
        take_back(desk, first)
        assert desk.connection.execute(select(person)).all() == []


def test_an_undone_import_of_a_register_leaves_the_listed(at):
    with at("east") as desk:
        take(desk, FIRST)
        forget_unnamed(desk.connection, desk.campaign.id)
        assert members(desk)["H2"] == ["王某甲"]


def test_the_key_of_a_listed_person_goes_with_the_rows_that_told_it(at):
    with at("east") as desk:
        take(desk, FIRST)
        known = desk.connection.execute(select(person).where(person.c.name == "王某甲")).one()
        named = {"household_id": known.household_id, "name": "王某甲"}
        wrong, right = (PersonMark(letter * 64, 16, date(2022, 8, 1)) for letter in "ab")

        def told(mark):
            return identify_person(desk.connection, desk.campaign.id, MORNING, named, mark)

        assert told(wrong) == known.id
        forget_unnamed(desk.connection, desk.campaign.id)
        again = desk.connection.execute(select(person).where(person.c.id == known.id)).one()
        assert (again.person_key, again.from_age, again.age_on, again.listed) == (None, None, None, True)
        assert told(right) == known.id  # not a second one of the name


def test_the_members_are_erased_with_their_household(at):
    with at("east") as desk:
        take(desk, FIRST)
        one = desk.connection.execute(select(household.c.id).where(household.c.number == "H1")).scalar_one()
        erase_household(desk.connection, MORNING, desk.campaign.id, one)
        assert members_of(desk.connection, one) == []
        rows = desk.connection.execute(select(person).where(person.c.household_id == one)).mappings().all()
        assert len(rows) == 3
        assert {(row["folded_name"], row["person_key"], row["listed"]) for row in rows} == {
            (None, None, None)
        }
        assert not {"张某甲", "李某乙", "张某丙"} & {row["name"] for row in rows}
