"""Rounds of visits: a household whose visit is finished is visited anew in the next one, and each counts by itself."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from checklist.model import Campaign, Period
from forms_server.desk import Desk
from forms_server.visits import visit_listing, visit_store
from forms_server.visits.household_search import Sought, search
from forms_server.visits.visit import Progress, Visit
from forms_server.visits.visit_progress import Reach, by_village, reach, reach_of_township, total
from forms_server.visits.visit_rounds import asked_round, known_rounds, round_on
from tests.builders import EAST, small_campaign
from tests.records.builders import ACCOUNTS, form_of
from tests.visits.builders import ALL_FINE, add_household, start

JULY, AUGUST = datetime(2022, 7, 30, 9), datetime(2022, 8, 2, 9)


@pytest.fixture
def campaign() -> Campaign:
    """Standing work: every household once a month."""
    once = small_campaign()
    notice = once.notice.model_copy(update={"visit_rounds": Period.MONTH})
    return once.model_copy(update={"notice": notice})


def finished(desk: Desk, number: int, household: str) -> Visit:
    begun = visit_store.begin(desk, start(desk.campaign, number, household))
    return visit_store.save(desk, begun, begun.version, ALL_FINE, finish=True)


def left(desk: Desk) -> int:
    form = form_of(desk.campaign, "household-issues")
    return search(desk, form, Sought(unvisited=True))[1]


def test_a_finished_household_is_visited_again_in_the_next_round(at, campaign):
    with at("east", JULY) as desk:
        household = add_household(desk)
        first = finished(desk, 1, household)
        assert left(desk) == 0
    with at("east", AUGUST) as desk:
        assert left(desk) == 1
        second = finished(desk, 2, household)
        assert (first.round, second.round, second.id != first.id) == ("2022-07", "2022-08", True)
        assert left(desk) == 0
        seen = visit_listing.of_household(desk, second.form, household)
        assert {each.round for each in seen} == {"2022-07", "2022-08"}


def test_each_round_is_counted_by_itself(at, campaign):
    with at("east", JULY) as desk:
        households = [add_household(desk, number) for number in (1, 2, 3)]
        for number, household in enumerate(households[:2], 1):
            finished(desk, number, household)
    with at("east", AUGUST) as desk:
        finished(desk, 3, households[2])
        for round_id, visited in (("2022-07", 2), ("2022-08", 1), ("2022-09", 0)):
            whole = total(by_village(desk.connection, campaign, ACCOUNTS["office"], round_id))
            assert (whole.households, whole.visited, whole.visits) == (3, visited, visited)
            assert reach(desk.connection, campaign, round_id) == Reach(3, visited)
            assert reach_of_township(desk.connection, campaign, round_id, EAST) == Reach(3, visited)
        form = form_of(campaign, "household-issues")
        of_july = visit_listing.lines(desk, form, Progress.FINISHED, round_id="2022-07")
        assert len(of_july) == 2
        assert known_rounds(desk.connection, campaign, date(2022, 9, 1)) == ["2022-09", "2022-08", "2022-07"]


def test_an_open_visit_of_the_last_round_is_not_this_rounds(at, campaign):
    with at("east", JULY) as desk:
        household = add_household(desk)
        open_one = visit_store.begin(desk, start(campaign, 1, household))
    with at("east", AUGUST) as desk:
        now = visit_store.begin(desk, start(campaign, 2, household))
        again = visit_store.begin(desk, start(campaign, 3, household))
        assert (now.id != open_one.id, again.id) == (True, now.id)


def test_what_was_filled_in_without_network_belongs_to_the_day_on_which_it_was(at, campaign):
    with at("east", JULY) as desk:
        household = add_household(desk)
        seen = finished(desk, 1, household)
    with at("east", AUGUST) as desk:
        late = replace(start(campaign, 2, household), made_on=JULY.date())
        assert visit_store.begin(desk, late).id == seen.id


def test_without_rounds_a_household_is_visited_once(at):
    campaign = small_campaign()
    assert round_on(campaign, JULY.date()) is None
    assert asked_round(campaign, "2022-07", AUGUST.date()) is None


@pytest.mark.parametrize("asked", ["", "2022-13", "july", "2022"])
def test_a_round_that_is_none_is_the_present_one(campaign, asked):
    assert asked_round(campaign, asked, AUGUST.date()) == "2022-08"
