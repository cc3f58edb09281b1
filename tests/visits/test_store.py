"""Visits in the database: idempotent creation, answers by item, problems as issues of the ledger."""

import pytest
from sqlalchemy import func, select

from forms_server.db.tables import audit, issue, visit
from forms_server.desk import NotAllowed, NotFound
from forms_server.visits import visit_store
from forms_server.visits.visit import Answer, Progress, SubmittedAnswer, Unanswered, VisitConflict
from tests.builders import EAST_DAM, EAST_WILLOW, WEST, WEST_WILLOW
from tests.records.builders import form_of
from tests.visits.builders import ALL_FINE, FINE, add_household, problem, start, visit_id


def issues(desk):
    return list(desk.connection.execute(select(issue).order_by(issue.c.created_at, issue.c.id)).mappings())


def count(desk, table):
    return desk.connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_a_visit_of_a_listed_household_takes_what_the_roster_knows(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(
            desk, start(campaign, household=add_household(desk), householder="别的名字")
        )
    assert begun.values == {
        "township": begun.values["township"], "village": EAST_WILLOW, "householder": "张某1",
        "household_type": "tuopin", "people": 3,
    }  # fmt: skip
    assert begun.visited_by == "填报员3"
    assert [item.id for item in begun.unanswered] == list(ALL_FINE)


def test_the_same_start_sent_twice_is_one_visit(at, campaign):
    for _ in range(2):
        with at("east") as desk:
            visit_store.begin(desk, start(campaign))
            assert count(desk, visit) == 1


def test_two_people_at_one_household_fill_in_one_sheet(at, campaign):
    with at("east") as desk:
        first = visit_store.begin(desk, start(campaign, 1, add_household(desk)))
        second = visit_store.begin(desk, start(campaign, 2, first.household_id))
        assert second.id == first.id
        visit_store.save(desk, first, 1, ALL_FINE, finish=True)
        assert visit_store.begin(desk, start(campaign, 2, first.household_id)).id == visit_id(2)


@pytest.mark.parametrize("spelling", ["赵某某", "赵 某某", "赵某某户", "赵某某（户主）"])
def test_a_second_sheet_typed_for_a_household_that_was_visited_leads_to_the_first(at, campaign, spelling):
    with at("east") as desk:
        listed = add_household(desk, householder="赵某某")
        first = visit_store.begin(desk, start(campaign, 1, listed))
        visit_store.save(desk, first, 1, ALL_FINE, finish=True)
        second = visit_store.begin(desk, start(campaign, 2, householder=spelling))
        assert (second.id, second.household_id, count(desk, visit)) == (first.id, listed, 1)


def test_problems_become_issues_with_everything_that_is_known(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign, household=add_household(desk)))
        saved = visit_store.save(desk, begun, 1, {"house-safe": problem(), "water-enough": FINE})
        [row] = issues(desk)
    assert (row["area_id"], row["item_id"], row["problem_type_id"]) == ("guarantees", "house-safe", "housing")
    assert (row["village_code"], row["householder"], row["people"]) == (EAST_WILLOW, "张某1", 3)
    assert (row["household_type"], row["unit_code"], row["state"]) == (
        "tuopin",
        begun.unit_code,
        "rectifying",
    )
    assert saved.answers["house-safe"].issue_id == row["id"]
    assert (saved.version, len(saved.unanswered)) == (2, 3)


def test_a_save_sent_twice_makes_one_issue_and_one_row_of_the_audit(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign))
        visit_store.save(desk, begun, 1, {"house-safe": problem()})
        before = count(desk, audit)
        again = visit_store.save(desk, visit_store.get(desk, begun.id), 1, {"house-safe": problem()})
        assert (again.version, len(issues(desk)), count(desk, audit)) == (2, 1, before)


def test_who_saves_from_an_older_version_changes_nothing(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign))
        visit_store.save(desk, begun, 1, {"house-safe": FINE})
    with at("east") as desk, pytest.raises(VisitConflict) as behind:
        visit_store.save(desk, visit_store.get(desk, begun.id), 1, {"house-safe": problem()})
    assert behind.value.current.answers["house-safe"].answer is Answer.FINE
    with at("east") as desk:
        assert issues(desk) == []


def test_a_visit_is_finished_only_when_every_item_is_answered(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign))
        some = {key: told for key, told in ALL_FINE.items() if key != "house-safe"}
        with pytest.raises(Unanswered) as left:
            visit_store.save(desk, begun, 1, some, finish=True)
        assert [item.id for item in left.value.items] == ["house-safe"]
        assert visit_store.get(desk, begun.id).answers == {}
        finished = visit_store.save(desk, begun, 1, ALL_FINE, finish=True)
        row = desk.connection.execute(select(visit)).mappings().one()
    assert finished.state is Progress.FINISHED
    assert (row["items"], row["answered"], row["problems"]) == (5, 5, 0)


def test_an_answer_that_changes_leaves_the_issue_unless_it_is_withdrawn(at, campaign):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign))
        saved = visit_store.save(desk, begun, 1, {"house-safe": problem()})
        kept = visit_store.save(desk, saved, 2, {"house-safe": FINE})
        assert issues(desk)[0]["state"] == "rectifying"
        assert kept.answers["house-safe"].issue_id == issues(desk)[0]["id"]
        visit_store.save(desk, kept, 3, {"house-safe": SubmittedAnswer(Answer.FINE, withdraw="看错了")})
        assert (issues(desk)[0]["state"], issues(desk)[0]["state_reason"]) == ("withdrawn", "看错了")
        again = visit_store.save(
            desk, visit_store.get(desk, begun.id), 4, {"house-safe": problem("又裂了。")}
        )
        assert [row["content"] for row in issues(desk) if row["state"] == "rectifying"] == ["又裂了。"]
        assert again.answers["house-safe"].issue_id != kept.answers["house-safe"].issue_id


@pytest.mark.parametrize("who", ["west", "department", "admin", "inspector", "office"])
def test_nobody_of_another_unit_writes_a_visit(at, campaign, who):
    with at("willow") as desk:
        begun = visit_store.begin(desk, start(campaign))
    with at(who) as desk, pytest.raises((NotAllowed, NotFound)):
        visit_store.save(desk, visit_store.get(desk, begun.id), 1, {"house-safe": FINE})


def test_an_account_bound_to_a_village_neither_visits_nor_sees_another(at, campaign):
    with at("willow") as desk, pytest.raises(NotAllowed):
        visit_store.begin(desk, start(campaign, village=EAST_DAM))
    with at("east") as desk:
        elsewhere = visit_store.begin(desk, start(campaign, village=EAST_DAM))
    with at("willow") as desk, pytest.raises(NotFound):
        visit_store.get(desk, elsewhere.id)


def test_a_household_of_another_township_cannot_be_visited(at, campaign):
    with at("west") as desk:
        other = add_household(desk, 2, WEST_WILLOW, WEST)
    with at("east") as desk, pytest.raises(NotFound):
        visit_store.begin(desk, start(campaign, household=other))


def test_a_general_check_asks_the_items_of_the_units_own_work(at, campaign):
    form = form_of(campaign, "general-issues")
    with at("east") as desk:
        begun = visit_store.begin(desk, visit_store.Start(visit_id(9), form, {"level": "township"}))
    assert [item.id for item in begun.items] == ["guarantees-clear"]


def test_correcting_the_type_opens_a_finished_visit_only_where_more_is_asked(at, campaign):
    with at("east") as desk:
        begun = visit_store.begin(desk, start(campaign))
        done = visit_store.save(desk, begun, 1, ALL_FINE, finish=True)
        right = visit_store.correct(desk, done, 2, {**done.values, "householder": "李某大"})
        assert (right.values["householder"], right.state) == ("李某大", Progress.FINISHED)
        with pytest.raises(VisitConflict):
            visit_store.correct(desk, done, 2, {**done.values, "householder": "李某小"})
