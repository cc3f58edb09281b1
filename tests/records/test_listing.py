"""Keyset pagination of a ledger: every visible record exactly once, under any filter."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from checklist.model import Campaign
from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server.editable_states import State
from forms_server.records import record_store
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import LedgerPage, page
from forms_server.records.record import Record
from forms_server.records.record_counts import count_overdue, counts
from forms_server.records.record_history import history
from forms_server.records.serial_number import serial
from forms_server.records.visible_ledger import VisibleLedger
from tests.builders import EAST, EAST_DAM, WEST, WEST_WILLOW
from tests.records.builders import ACCOUNTS, MORNING, form_of, household_issue, report, withdraw
from tests.records.conftest import At

TODAY = date(2022, 8, 26)
PAST = Deadline(DeadlineKind.DATE, date(2022, 8, 25), "8月25日")
DUE_TODAY = Deadline(DeadlineKind.DATE, TODAY, "8月26日")
AT_ONCE = Deadline(DeadlineKind.IMMEDIATE, None, "立行立改")


@pytest.fixture
def filed(at: At, campaign: Campaign) -> list[Record]:
    """Five issues of the east, a minute apart, and one of the west."""
    of_east = [
        household_issue(campaign, 1, deadline=PAST),
        household_issue(campaign, 2, deadline=DUE_TODAY, village=EAST_DAM),
        household_issue(campaign, 3, deadline=AT_ONCE, problem_type="water"),
        household_issue(campaign, 4, deadline=PAST),
        household_issue(campaign, 5, deadline=PAST),
    ]
    records = []
    for number, filing in enumerate(of_east):
        with at("east", MORNING + timedelta(minutes=number)) as desk:
            records.append(record_store.create(desk, filing))
    with at("east") as desk:
        records[3] = report(desk, records[3], 1, {"outcome": "已修好。"}, date(2022, 8, 20))
        records[4] = withdraw(desk, records[4], 1, "重复")
    with at("west") as desk:
        west = household_issue(campaign, 6, WEST, village=WEST_WILLOW, township=WEST, deadline=PAST)
        records.append(record_store.create(desk, west))
    return records


def _ledger(campaign: Campaign, who: str) -> VisibleLedger:
    return VisibleLedger(campaign, ACCOUNTS[who], form_of(campaign, "household-issues"), TODAY)


def _numbers(found: LedgerPage) -> list[int]:
    """The numbers under which the records of a page were filed."""
    return [int(record.id[-4:], 16) - 1000 for record in found.records]


@pytest.mark.parametrize(
    ("who", "filters", "numbers"),
    [
        ("east", Filters(), [4, 3, 2, 1]),
        ("east", Filters(state=State.RECTIFYING), [3, 2, 1]),
        ("east", Filters(state=State.WITHDRAWN), [5]),
        ("east", Filters(problem_type_id="water"), [3]),
        ("east", Filters(village_code=EAST_DAM), [2]),
        ("east", Filters(overdue=True), [1]),
        ("east", Filters(unit_code=WEST), []),
        ("willow", Filters(), [4, 3, 1]),
        ("west", Filters(), [6]),
        ("office", Filters(unit_code=EAST, overdue=True), [1]),
        ("office", Filters(state=State.RECTIFIED), [4]),
        ("water", Filters(), []),
        ("admin", Filters(), []),
    ],
)
def test_what_is_asked_for_is_shown_newest_first(
    engine: Engine, campaign: Campaign, filed: list[Record], who: str, filters: Filters, numbers: list[int]
):
    with engine.connect() as connection:
        assert _numbers(page(connection, _ledger(campaign, who), filters)) == numbers


def test_counts_by_state_and_overdue(engine: Engine, campaign: Campaign, filed: list[Record]):
    with engine.connect() as connection:
        assert counts(connection, _ledger(campaign, "east")) == {
            State.RECTIFYING: 3, State.RECTIFIED: 1, State.CLOSED: 0, State.WITHDRAWN: 1,
        }  # fmt: skip
        assert counts(connection, _ledger(campaign, "office"), Filters(unit_code=WEST))[State.RECTIFYING] == 1
        assert count_overdue(connection, _ledger(campaign, "east")) == 1
        assert count_overdue(connection, _ledger(campaign, "office")) == 2


def test_a_ledger_without_deadlines_has_nothing_overdue(engine: Engine, campaign: Campaign):
    ledger = VisibleLedger(campaign, ACCOUNTS["east"], form_of(campaign, "proposed-household"), TODAY)
    with engine.connect() as connection:
        assert count_overdue(connection, ledger) == 0
        assert page(connection, ledger, Filters(overdue=True)).records == []


def test_a_record_knows_itself_overdue_as_the_list_does(
    engine: Engine, campaign: Campaign, filed: list[Record]
):
    assert [record.overdue(TODAY) for record in filed] == [True, False, False, False, False, True]


def test_serial_numbers_go_by_age_without_the_withdrawn(
    engine: Engine, campaign: Campaign, filed: list[Record]
):
    with engine.connect() as connection:
        assert [serial(connection, campaign, record) for record in filed[:4]] == [1, 2, 3, 4]
        assert serial(connection, campaign, filed[5]) == 1


def test_pages_lead_through_all_records_and_back(engine: Engine, at: At, campaign: Campaign):
    with at("east") as desk:  # all in the same moment: the order is by id then
        for number in range(120):
            record_store.create(desk, household_issue(campaign, number))
    ledger, filters = _ledger(campaign, "east"), Filters()
    with engine.connect() as connection:
        first = page(connection, ledger, filters)
        second = page(connection, ledger, filters, first.next)
        third = page(connection, ledger, filters, second.next)
        assert [len(each.records) for each in (first, second, third)] == [50, 50, 20]
        assert first.previous is None
        assert third.next is None
        assert _numbers(first) + _numbers(second) + _numbers(third) == list(range(119, -1, -1))
        assert page(connection, ledger, filters, third.previous).records == second.records
        back = page(connection, ledger, filters, second.previous)
        assert (back.records, back.previous) == (first.records, None)


def test_history_names_who_did_what(engine: Engine, campaign: Campaign, filed: list[Record]):
    with engine.connect() as connection:
        entries = history(connection, filed[3])
    assert [(entry.action, entry.by) for entry in entries] == [("file", "填报员1"), ("report", "填报员1")]
