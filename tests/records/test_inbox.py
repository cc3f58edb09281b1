"""What waits to be verified, the oldest deadline first, and judging many records at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from checklist.model import Campaign
from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server.db import tables
from forms_server.desk import NotAllowed
from forms_server.editable_states import NotNow, State
from forms_server.records import inbox, record_rows, record_store
from forms_server.records.bulk_changes import Pick, each, moving
from forms_server.records.inbox import Inbox
from forms_server.records.record import EditConflict, Record
from forms_server.state_moves import VERIFY
from tests.builders import EAST, WATER, WEST, WEST_WILLOW
from tests.records.builders import (
    ACCOUNTS,
    form_of,
    household_issue,
    record_id,
    report,
    send_back,
    verify,
    withdraw,
)
from tests.records.conftest import At

DAY = date(2022, 8, 15)
REASON = "照片里看不清，张某某家的屋顶要补拍。"


def due(day: int) -> Deadline:
    return Deadline(DeadlineKind.DATE, date(2022, 8, day), f"8月{day}日")


ONGOING = Deadline(DeadlineKind.ONGOING, None, "长期坚持")


def rectified(at: At, campaign: Campaign, number: int, who: str = "east", **values: object) -> Record:
    """An issue that its unit reported rectified."""
    with at(who) as desk:
        filing = household_issue(campaign, number, ACCOUNTS[who].unit_code, **values)
        return report(desk, record_store.create(desk, filing), 1, {"outcome": "已修好。"}, DAY)


@pytest.fixture
def waiting(at: At, campaign: Campaign) -> dict[int, Record]:
    """Rectified issues by their numbers."""
    west = {"village": WEST_WILLOW, "township": WEST}
    return {
        1: rectified(at, campaign, 1, deadline=due(25)),
        2: rectified(at, campaign, 2, deadline=ONGOING),
        3: rectified(at, campaign, 3, "west", deadline=due(20), problem_type="water", **west),
        4: rectified(at, campaign, 4, deadline=due(18), problem_type="income"),
        5: rectified(at, campaign, 5, "water", deadline=due(17)),
    }


def numbers(found: inbox.Waiting) -> list[int]:
    return [int(record.id[-4:], 16) - 1000 for record in found.records]


@pytest.mark.parametrize(
    ("who", "narrowed", "expected"),
    [
        ("department", {}, [3, 1, 2]),
        ("office", {}, [5, 4, 3, 1, 2]),
        ("department", {"unit_code": WEST}, [3]),
        ("department", {"problem_type_id": "housing"}, [1, 2]),
        ("office", {"unit_code": EAST, "problem_type_id": "income"}, [4]),
        ("east", {}, []),
        ("inspector", {}, []),
        ("admin", {}, []),
    ],
)
def test_the_oldest_deadline_waits_first_and_what_has_no_day_last(
    engine: Engine,
    campaign: Campaign,
    waiting: dict[int, Record],
    who: str,
    narrowed: dict[str, str],
    expected: list[int],
):
    box = Inbox(campaign, ACCOUNTS[who], **narrowed)
    with engine.connect() as connection:
        assert numbers(inbox.page(connection, box)) == expected
        assert inbox.count(connection, box) == len(expected)


def test_only_what_is_rectified_waits(engine: Engine, at: At, campaign: Campaign, waiting: dict[int, Record]):
    with at("department") as desk:
        verify(desk, waiting[1], 2)
        send_back(desk, waiting[2], 2, REASON)
    with at("west") as desk:
        withdraw(desk, waiting[3], 2, "重复")
    box = Inbox(campaign, ACCOUNTS["department"])
    with engine.connect() as connection:
        assert numbers(inbox.page(connection, box)) == []
        assert inbox.count(connection, box) == 0


def test_pages_lead_on_and_back(engine: Engine, at: At, campaign: Campaign):
    for number in range(60):
        rectified(at, campaign, number, deadline=due(10 + number % 7))
    box = Inbox(campaign, ACCOUNTS["department"])
    with engine.connect() as connection:
        first = inbox.page(connection, box)
        second = inbox.page(connection, box, first.next)
        back = inbox.page(connection, box, second.previous)
    assert sorted([*numbers(first), *numbers(second)]) == list(range(60))
    dues = [record.deadline for record in [*first.records, *second.records]]
    assert dues == sorted(dues)
    assert (second.next, numbers(back), back.previous) == (None, numbers(first), None)


class TestJudging:
    def test_verifying_closes(self, at: At, waiting: dict[int, Record]):
        with at("department") as desk:
            closed = verify(desk, waiting[1], 2)
        assert (closed.state, closed.version) == (State.CLOSED, 3)

    def test_sending_back_keeps_the_reason_for_the_unit_and_out_of_the_audit(
        self, engine: Engine, at: At, waiting: dict[int, Record]
    ):
        with at("department") as desk:
            back = send_back(desk, waiting[1], 2, REASON)
        assert (back.state, back.state_reason, back.sent_back) == (State.RECTIFYING, REASON, True)
        with engine.connect() as connection:
            row = connection.execute(select(tables.audit).order_by(tables.audit.c.id.desc()).limit(1)).one()
        assert (row.action, row.change) == ("send_back", {"from": "rectified", "to": "rectifying"})
        assert (row.account_id, row.unit_code) == (ACCOUNTS["department"].id, WATER)

    def test_reported_again_it_is_no_longer_sent_back_and_the_reason_stays(
        self, at: At, waiting: dict[int, Record]
    ):
        with at("department") as desk:
            back = send_back(desk, waiting[1], 2, REASON)
        with at("east") as desk:
            again = report(desk, back, 3, {"outcome": "已补拍。"}, DAY + timedelta(days=1))
        assert (again.state, again.state_reason, again.sent_back) == (State.RECTIFIED, REASON, False)

    @pytest.mark.parametrize("move", [verify, lambda *args: send_back(*args, REASON)])
    def test_the_same_twice_is_once(self, at: At, waiting: dict[int, Record], move):
        for _ in range(2):
            with at("department") as desk:
                judged = move(desk, record_rows.get(desk, waiting[1].form, waiting[1].id), 2)
        assert judged.version == 3

    @pytest.mark.parametrize("who", ["east", "east-principal", "willow", "inspector", "admin"])
    def test_who_files_or_reads_does_not_judge(self, at: At, waiting: dict[int, Record], who: str):
        with pytest.raises(NotAllowed), at(who) as desk:
            verify(desk, waiting[1], 2)

    def test_a_department_judges_nothing_that_it_does_not_answer_for(
        self, at: At, waiting: dict[int, Record]
    ):
        for number in (4, 5):
            with pytest.raises(NotAllowed), at("department") as desk:
                send_back(desk, waiting[number], 2, REASON)

    def test_what_was_closed_stays_closed_to_those_who_may_not_judge(
        self, at: At, waiting: dict[int, Record]
    ):
        with at("office") as desk:
            closed = verify(desk, waiting[4], 2)
        with pytest.raises(NotAllowed), at("department") as desk:
            verify(desk, closed, 3)

    def test_not_now_and_not_on_another_version(self, at: At, campaign: Campaign, waiting: dict[int, Record]):
        with at("east") as desk:
            edited = record_store.edit(desk, waiting[1], 2, {**waiting[1].values, "content": "屋顶漏雨。"})
            open_one = record_store.create(desk, household_issue(campaign, 9))
        with pytest.raises(EditConflict), at("department") as desk:
            verify(desk, edited, 2)
        with pytest.raises(NotNow, match="正在整改.*不能销号"), at("department") as desk:
            verify(desk, open_one, 1)


def test_each_pick_is_judged_for_itself(
    engine: Engine, at: At, campaign: Campaign, waiting: dict[int, Record]
):
    form = form_of(campaign, "household-issues")
    with at("east") as desk:
        record_store.edit(desk, waiting[2], 2, {**waiting[2].values, "content": "屋顶漏雨。"})
    with at("office") as desk:
        send_back(desk, waiting[3], 2, REASON)
    picks = [Pick(form, record_id(number), 2) for number in (1, 2, 3, 4, 99)]
    with at("department") as desk:
        outcomes = each(desk, [*picks, replace(picks[0], version=3)], moving(VERIFY, {}))
    told = [outcome.refusal for outcome in outcomes]
    assert told[0] == told[5] == ""
    assert "又被改过" in told[1]
    assert "正在整改" in told[2]
    assert told[3] == told[4] == "没有这一条，或者不归您办理。"
    with engine.connect() as connection:
        closed = connection.execute(
            select(tables.issue.c.id).where(tables.issue.c.state == "closed")
        ).scalars()
        assert list(closed) == [record_id(1)]
        verified = select(tables.audit.c.subject_id).where(tables.audit.c.action == "verify")
        assert connection.execute(verified).scalars().all() == [record_id(1)]


def test_what_another_unit_reported_counts_once(at: At, campaign: Campaign):
    with at("water") as desk:
        issue = record_store.create(desk, household_issue(campaign, 1, ACCOUNTS["water"].unit_code))
    with at("east") as desk:
        report(desk, issue, 1, {"outcome": "已修好。"}, DAY)
    with at("department") as desk:
        box = Inbox(campaign, ACCOUNTS["department"])
        assert numbers(inbox.page(desk.connection, box)) == [1]
        assert inbox.count(desk.connection, box) == 1
