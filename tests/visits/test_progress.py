"""Households visited of households known, and what is left to answer."""

from sqlalchemy import update

from forms_server.db.tables import household, visit
from forms_server.visits import visit_store
from forms_server.visits.visit_progress import (
    Figures,
    Reach,
    by_village,
    has_roster,
    reach,
    total,
    townships_of,
)
from tests.builders import EAST, EAST_DAM, EAST_WILLOW, WEST, WEST_BRIDGE
from tests.records.builders import ACCOUNTS
from tests.visits.builders import ALL_FINE, FINE, add_household, household_id, problem, start


def visited(desk, campaign):
    """Three known households in one village, one of them visited to the end; another one that no roster has."""
    for number in (1, 2, 3):
        add_household(desk, number)
    add_household(desk, 4, EAST_DAM)
    add_household(desk, 5, EAST_DAM, active=False)
    add_household(desk, 6, WEST_BRIDGE, WEST)
    done = visit_store.begin(desk, start(campaign, 1, add_household(desk, 7)))
    visit_store.save(desk, done, 1, {**ALL_FINE, "house-safe": problem()}, finish=True)
    twice = visit_store.begin(desk, start(campaign, 2, done.household_id))
    visit_store.save(desk, twice, 1, {"house-safe": FINE})
    visit_store.begin(desk, start(campaign, 3))


def test_progress_by_village_and_township(at, campaign):
    with at("east") as desk:
        visited(desk, campaign)
        lines = by_village(desk.connection, campaign, ACCOUNTS["east"], None)
        assert lines == [
            Figures(EAST_WILLOW, 4, 1, 1, 3, 1, unanswered=4 + 5, problems=1),
            Figures(EAST_DAM, 1, 0, 0, 0, 0, 0, 0),
        ]
        assert total(lines).left == 4
        office = townships_of(campaign, by_village(desk.connection, campaign, ACCOUNTS["office"], None))
        assert office == [Figures(EAST, 5, 1, 1, 3, 1, 9, 1), Figures(WEST, 1)]


def test_the_offices_sum_is_that_of_its_villages(at, campaign):
    with at("east") as desk:
        assert reach(desk.connection, campaign, None) == Reach(0, 0)
        visited(desk, campaign)
        visit_store.begin(desk, start(campaign, 4))
        visit_store.begin(desk, start(campaign, 5, add_household(desk, 8)))
        desk.connection.execute(
            update(household).where(household.c.id == household_id(8)).values(active=False)
        )
        villages = total(by_village(desk.connection, campaign, ACCOUNTS["office"], None))
        found = reach(desk.connection, campaign, None)
    assert (found.households, found.visited, found.left) == (6, 1, 5)
    assert (villages.households, villages.visited, villages.left) == (6, 1, 5)


def test_another_campaigns_visits_in_the_same_database_are_not_counted(at, campaign):
    with at("east") as desk:
        visited(desk, campaign)
        other = visit_store.begin(desk, start(campaign, 4, add_household(desk, 8)))
        for table, record_id in ((household, household_id(8)), (visit, other.id)):
            desk.connection.execute(
                update(table).where(table.c.id == record_id).values(campaign_id="2023-another")
            )
        assert reach(desk.connection, campaign, None) == Reach(6, 1)


def test_progress_of_what_an_account_may_see(at, campaign):
    with at("east") as desk:
        visited(desk, campaign)
        of = {
            name: townships_of(campaign, by_village(desk.connection, campaign, account, None))
            for name, account in ACCOUNTS.items()
        }
    assert of["willow"] == [Figures(EAST, 4, 1, 1, 3, 1, 9, 1)]
    assert of["west"] == of["inspector"] == [Figures(WEST, 1)]
    assert of["admin"] == of["inspector-of-none"] == of["department"] == []


def test_without_a_roster_visits_are_counted_all_the_same(at, campaign):
    with at("east") as desk:
        visit_store.begin(desk, start(campaign))
        assert not has_roster(desk.connection, campaign, ACCOUNTS["east"])
        [line] = by_village(desk.connection, campaign, ACCOUNTS["east"], None)
        assert (line.households, line.visits, line.unanswered) == (0, 1, 5)
        assert not by_village(desk.connection, campaign, ACCOUNTS["west"], None)
