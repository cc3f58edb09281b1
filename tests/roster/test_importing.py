"""Importing lists: all or nothing, told what changes; the same list again changes nothing."""

import pytest
from sqlalchemy import func, select

from checklist.questions import Answers
from forms_server.db.tables import audit, household
from forms_server.desk import NotAllowed
from forms_server.imports.import_batches import SourceFile
from forms_server.imports.roster_import import plan_import, store
from forms_server.visits import household_search
from forms_server.visits import visit_store as visits
from forms_server.visits.household_search import Sought
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST
from tests.records.builders import ACCOUNTS, MORNING, form_of
from tests.roster.lists import answering, context, county, lists
from tests.visits.builders import ALL_FINE, start

FIRST = "户编号|村|户主姓名|户类型|家庭人口数\nH1|柳林村|张某甲|脱贫户|4\nH2|柳林村|李某乙|一般户|2\nH3|大坝村|王某丙||3\n"
SECOND = "户编号|村|户主姓名|户类型|家庭人口数\nH1|柳林村|张某甲|脱贫户|5\nH2|柳林村|李某乙|一般户|2\nH4|柳林村|赵某丁||1\n"


@pytest.fixture
def campaign():
    return county()


def plan_of(desk, table, unit=EAST, answers=None):
    return plan_import(desk.connection, lists(table, unit, answers), context(unit, answers))


def take(desk, table, who="east", unit=EAST, answers=()):
    """Import a list; new, changed, unchanged, gone."""
    found = plan_of(desk, table, unit)
    if answers:
        found = plan_of(desk, table, unit, answering(found, *answers))
    if not found.errors:
        store(desk.connection, context(unit), found, ACCOUNTS[who], MORNING, SourceFile("名册.xlsx", b""))
    plan = found.plan
    return len(plan.new), len(plan.changed), plan.unchanged, len(plan.gone), [p.code for p in found.errors]


def rows(desk):
    table = household.c
    query = select(table.number, table.village_code, table.householder, table.people, table.active)
    return sorted((tuple(row) for row in desk.connection.execute(query)), key=lambda row: row[2])


def test_the_first_list_a_newer_one_and_the_same_again(at):
    with at("east") as desk:
        assert take(desk, FIRST) == (3, 0, 0, 0, [])
        assert take(desk, FIRST) == (0, 0, 3, 0, [])
        assert take(desk, SECOND) == (1, 1, 1, 0, [])
        before = desk.connection.execute(select(func.count()).select_from(audit)).scalar_one()
        assert take(desk, SECOND) == (0, 0, 3, 0, [])
        assert desk.connection.execute(select(func.count()).select_from(audit)).scalar_one() == before == 7
        assert rows(desk) == [
            ("H1", EAST_WILLOW, "张某甲", 5, True),
            ("H2", EAST_WILLOW, "李某乙", 2, True),
            ("H3", EAST_DAM, "王某丙", 3, True),
            ("H4", EAST_WILLOW, "赵某丁", 1, True),
        ]


def test_who_is_absent_from_a_newer_list_of_the_village_is_kept_but_not_offered(at):
    with at("east") as desk:
        take(desk, FIRST)
        newer = "户编号|村|户主姓名\nH1|柳林村|张某甲\n"
        asking = plan_of(desk, newer)
        assert [each.code for each in asking.errors] == ["roster-absent"]
        [asked] = asking.questions
        assert asked.question.typed == "东河镇柳林村委会：李某乙（1 户，占本村同类户的 50%）"
        assert take(desk, newer, answers=["不停用"]) == (0, 0, 1, 0, [])
        assert take(desk, newer, answers=["停用"]) == (0, 0, 1, 1, [])
        form = form_of(desk.campaign, "household-issues")
        found, number = household_search.search(desk, form, Sought())
        assert ([each.household.householder for each in found], number) == (["张某甲", "王某丙"], 2)
        assert take(desk, FIRST)[:4] == (0, 1, 2, 0)


def test_a_second_list_of_the_village_adds_what_the_first_one_was_not_about(at):
    with at("east") as desk:
        first = "村|户主姓名|户类型\n柳林村|张某甲|脱贫户\n柳林村|李某乙|脱贫户\n柳林村|王某丙|脱贫户\n"
        assert take(desk, first) == (3, 0, 0, 0, [])
        assert take(desk, "村|户主姓名|户类型\n柳林村|赵某丁|边缘户\n") == (1, 0, 0, 0, [])
        assert [row[4] for row in rows(desk)] == [True] * 4


def test_of_several_households_of_a_name_a_person_chooses(at):
    with at("east") as desk:
        numbered = "户编号|村|户主姓名|户类型\nH1|柳林村|张某甲|脱贫户\nH2|柳林村|张某甲|一般户\n"
        assert take(desk, numbered)[:1] == (2,)
        table = "村|户主姓名|家庭人口数\n柳林村|张 某甲|5\n"
        assert take(desk, table)[4] == ["roster-several-known"]
        chosen = ["张某甲，脱贫户，户编号 H1"]
        assert take(desk, table, answers=chosen)[4] == ["roster-absent"]  # H2, which the list lacks then
        given = {**answering(plan_of(desk, table), *chosen).given, "question-absent": "kept"}
        found = plan_of(desk, table, answers=Answers(given))
        store(desk.connection, context(EAST), found, ACCOUNTS["east"], MORNING, SourceFile("名册.xlsx", b""))
        assert {(row[0], row[3]) for row in rows(desk)} == {("H1", 5), ("H2", None)}


def test_what_a_list_leaves_out_stays_as_it_is_known(at):
    with at("east") as desk:
        take(desk, FIRST)
        assert take(desk, "村|户主姓名\n柳林村|张某甲\n柳林村|李某乙\n") == (0, 0, 2, 0, [])
        assert [row[0] for row in rows(desk)] == ["H1", "H2", "H3"]


def test_numbers_may_come_with_a_later_list(at):
    with at("east") as desk:
        take(desk, "村|户主姓名\n柳林村|张某甲\n柳林村|李某乙\n")
        assert take(desk, "户编号|村|户主姓名\nH1|柳林村|张某甲\nH2|柳林村|李 某乙\n")[:4] == (0, 2, 0, 0)
        assert [row[0] for row in rows(desk)] == ["H1", "H2"]


def test_a_household_that_moves_takes_its_number_along(at):
    with at("east") as desk:
        take(desk, FIRST)
        assert take(desk, "户编号|村|户主姓名\nH1|大坝村|张某甲\nH3|大坝村|王某丙\n") == (0, 1, 1, 0, [])
        assert rows(desk)[0][:3] == ("H1", EAST_DAM, "张某甲")


def test_a_number_of_another_township_is_refused_and_nothing_is_stored(at):
    with at("east") as desk:
        take(desk, FIRST)
    with at("west") as desk:
        other = "户编号|村|户主姓名\nH9|石桥村|钱某\nH1|石桥村|孙某\n"
        assert take(desk, other, "west", WEST) == (2, 0, 0, 0, ["roster-of-other-unit"])
        assert len(rows(desk)) == 3
    with at("office") as desk:
        table = "户编号|镇|村|户主姓名\nH1|西岭镇|石桥村|张某甲\n"
        assert take(desk, table, "office", "") == (0, 1, 0, 0, [])


@pytest.mark.parametrize("who", ["willow", "west", "department", "admin", "inspector"])
def test_nobody_else_imports_a_townships_roster(at, who):
    with at(who) as desk, pytest.raises(NotAllowed):
        take(desk, FIRST, who)


def test_search_by_village_and_part_of_the_name_with_the_last_visit(at):
    with at("east") as desk:
        take(desk, FIRST)
        form = form_of(desk.campaign, "household-issues")
        [one], number = household_search.search(desk, form, Sought(EAST_WILLOW, "某甲"))
        assert (one.household.householder, one.visit_id, number) == ("张某甲", None, 1)
        begun = visits.begin(desk, start(desk.campaign, household=one.household.id))
        assert household_search.search(desk, form, Sought(name="张"))[0][0].visit_id == begun.id
        visits.save(desk, begun, 1, ALL_FINE, finish=True)
        assert household_search.search(desk, form, Sought(EAST_WILLOW, unvisited=True))[1] == 1
        assert household_search.search(desk, form, Sought(name="%"))[1] == 0


@pytest.mark.parametrize(
    ("who", "seen"),
    [
        ("east", 3),
        ("willow", 2),
        ("west", 0),
        ("water", 0),  # finds households by name only
        ("office", 3),
        ("department", 0),
        ("admin", 0),
        ("inspector", 0),
    ],
)
def test_who_sees_which_households(at, who, seen):
    with at("east") as desk:
        take(desk, FIRST)
    with at(who) as desk:
        assert household_search.search(desk, form_of(desk.campaign, "household-issues"), Sought())[1] == seen
