"""Bulk changes on both databases: all or nothing, one audit row per record."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select

from checklist.model import Campaign
from checklist.reading.deadlines import Deadline, DeadlineKind
from forms_server.db import tables
from forms_server.desk import Desk, NotFound
from forms_server.records import record_rows, record_store
from forms_server.records.bulk_changes import MISSING, NotAll, Pick, Unfit, all_or_none, set_fields
from forms_server.records.record import Record
from tests.records.builders import form_of, household_issue, proposed, record_id
from tests.records.conftest import At

AT_ONCE = Deadline(DeadlineKind.IMMEDIATE, None, "立行立改")
SEPTEMBER = Deadline(DeadlineKind.DATE, date(2022, 9, 1), "9月1日")


def put_off(desk: Desk, current: Record, version: int) -> Record:
    return set_fields(desk, current, version, {"deadline": SEPTEMBER})


def picks(campaign: Campaign, *numbers: int) -> list[Pick]:
    return [Pick(form_of(campaign, "household-issues"), record_id(number), 1) for number in numbers]


@pytest.fixture
def issues(at: At, campaign: Campaign) -> None:
    with at("east") as desk:
        for number in (1, 2, 3):
            record_store.create(desk, household_issue(campaign, number, deadline=AT_ONCE))


@pytest.mark.usefixtures("issues")
def test_each_is_changed_and_written_down(engine: Engine, at: At, campaign: Campaign):
    for _ in range(2):
        with at("east") as desk:
            outcomes = all_or_none(desk, picks(campaign, 1, 2, 3), put_off)
        assert [each.record.version for each in outcomes if each.record] == [2, 2, 2]
        assert {each.record.deadline for each in outcomes if each.record} == {SEPTEMBER.due}
    with engine.connect() as connection:
        edits = select(func.count()).where(tables.audit.c.action == "edit")
        assert connection.execute(edits).scalar_one() == 3


@pytest.mark.usefixtures("issues")
def test_one_that_cannot_be_keeps_all_as_they_were(at: At, campaign: Campaign):
    with at("east") as desk:
        record_store.edit(desk, record_rows.get(desk, form_of(campaign, "household-issues"), record_id(2)), 1,
                   {**household_issue(campaign, 2, deadline=AT_ONCE).values, "content": "屋顶漏雨。"})  # fmt: skip
    with pytest.raises(NotAll) as refused, at("east") as desk:
        all_or_none(desk, picks(campaign, 1, 2, 99), put_off)
    told = [outcome.refusal for outcome in refused.value.outcomes]
    assert (told[0], told[2]) == ("", MISSING)
    assert "又被改过" in told[1]
    with at("east") as desk:
        for number, version in ((1, 1), (2, 2)):
            record = record_rows.get(desk, form_of(campaign, "household-issues"), record_id(number))
            assert (record.version, record.deadline) == (version, None)


@pytest.mark.usefixtures("issues")
def test_a_deadline_that_has_a_day_is_not_moved_together(at: At, campaign: Campaign):
    with at("east") as desk:
        all_or_none(desk, picks(campaign, 1), put_off)
    later = Deadline(DeadlineKind.DATE, date(2022, 9, 9), "9月9日")
    with at("east") as desk:
        record = record_rows.get(desk, form_of(campaign, "household-issues"), record_id(1))
        with pytest.raises(Unfit, match="已定为2022年9月1日，不能直接改"):
            set_fields(desk, record, 2, {"deadline": later})


@pytest.mark.usefixtures("issues")
def test_a_unit_changes_its_own_only(at: At, campaign: Campaign):
    with pytest.raises(NotAll) as refused, at("west") as desk:
        all_or_none(desk, picks(campaign, 1), put_off)
    assert [outcome.refusal for outcome in refused.value.outcomes] == [MISSING]


def test_a_date_comes_after_the_one_that_it_follows(at: At, campaign: Campaign):
    with at("east") as desk:
        household = record_store.create(desk, proposed(campaign))
    with pytest.raises(Unfit, match="早于“识别日期”"), at("east") as desk:
        set_fields(desk, household, 1, {"entered_on": date(2022, 8, 11)})
    with at("east") as desk:
        entered = set_fields(desk, household, 1, {"entered_on": date(2022, 8, 12)})
    assert entered.deadline is None
    with pytest.raises(NotFound), at("west") as desk:
        record_rows.get(desk, household.form, household.id)
