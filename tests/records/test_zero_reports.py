"""Zero reports: per unit, never contradicting filed issues, and safe under concurrent edits."""

import pytest
from sqlalchemy import Engine, select

from checklist.model import Campaign
from forms_server.db import tables
from forms_server.desk import NotAllowed
from forms_server.records import record_store, zero_reports
from tests.builders import EAST, WEST
from tests.records.builders import MORNING, household_issue, withdraw
from tests.records.conftest import At


def _ticked(engine: Engine, campaign: Campaign, unit: str = EAST) -> list[str]:
    with engine.connect() as connection:
        return [
            each.problem_type_id for each in zero_reports.standings(connection, campaign, unit) if each.ticked
        ]


def _save(at: At, shown: set[str], ticked: set[str], who: str = "east") -> None:
    with at(who) as desk:
        zero_reports.save(desk, EAST, shown, ticked)


def test_every_problem_type_stands_there_in_the_campaigns_order(at: At, campaign: Campaign, engine: Engine):
    with at("east") as desk:
        record_store.create(desk, household_issue(campaign))
    with engine.connect() as connection:
        found = [
            (each.problem_type_id, each.found) for each in zero_reports.standings(connection, campaign, EAST)
        ]
    assert found == [("income", 0), ("housing", 1), ("water", 0)]


def test_a_tick_says_who_and_when_and_is_audited(at: At, campaign: Campaign, engine: Engine):
    _save(at, set(), {"income"})
    with engine.connect() as connection:
        standing = zero_reports.standings(connection, campaign, EAST)[0]
        rows = connection.execute(select(tables.audit.c.action, tables.audit.c.subject_id)).all()
    assert (standing.ticked_at, standing.ticked_by) == (MORNING, "填报员1")
    assert [tuple(row) for row in rows] == [("tick", f"small/{EAST}/income")]
    assert _ticked(engine, campaign, WEST) == []


def test_a_tick_that_is_taken_back_is_audited_once(at: At, campaign: Campaign, engine: Engine):
    _save(at, set(), {"income"})
    for _ in range(2):
        _save(at, {"income"}, set(), "east-principal")
    with engine.connect() as connection:
        audit = tables.audit.c
        rows = connection.execute(select(audit.action, audit.subject_id).order_by(audit.id)).all()
    subject = f"small/{EAST}/income"
    assert [tuple(row) for row in rows] == [("tick", subject), ("untick", subject)]


def test_only_what_the_person_changed_is_changed(at: At, campaign: Campaign, engine: Engine):
    _save(at, set(), {"income"})
    _save(at, set(), {"water"}, "east-principal")  # whose page was older than the first tick
    assert _ticked(engine, campaign) == ["income", "water"]
    _save(at, {"income", "water"}, {"water"})
    assert _ticked(engine, campaign) == ["water"]


def test_the_same_page_sent_twice_ticks_once(at: At, campaign: Campaign, engine: Engine):
    for _ in range(2):
        _save(at, set(), {"income"})
    with engine.connect() as connection:
        assert len(connection.execute(select(tables.audit)).all()) == 1


def test_nothing_is_ticked_where_issues_were_filed(at: At, campaign: Campaign, engine: Engine):
    with at("east") as desk:
        record_store.create(desk, household_issue(campaign))
    with pytest.raises(zero_reports.FoundSome) as refused:
        _save(at, set(), {"income", "housing"})
    assert [each.problem_type_id for each in refused.value.standings] == ["housing"]
    assert _ticked(engine, campaign) == []


def test_a_withdrawn_issue_is_not_in_the_way(at: At, campaign: Campaign, engine: Engine):
    with at("east") as desk:
        withdraw(desk, record_store.create(desk, household_issue(campaign)), 1, "登记有误")
    _save(at, set(), {"housing"})
    assert _ticked(engine, campaign) == ["housing"]


def test_an_issue_filed_later_leaves_the_tick_as_a_contradiction(at: At, campaign: Campaign, engine: Engine):
    _save(at, set(), {"housing"})
    with at("east") as desk:
        record_store.create(desk, household_issue(campaign))
    with engine.connect() as connection:
        standing = zero_reports.standings(connection, campaign, EAST)[1]
    assert standing.ticked
    assert standing.contradicts
    _save(at, {"housing"}, {"housing", "income"})  # another tick may still be set
    assert _ticked(engine, campaign) == ["income", "housing"]


def test_unknown_problem_types_are_left_alone(at: At, campaign: Campaign, engine: Engine):
    _save(at, {"nonsense"}, {"other"})
    assert _ticked(engine, campaign) == []


@pytest.mark.parametrize("who", ["west", "willow", "office", "admin", "department", "inspector"])
def test_nobody_else_ticks_for_a_unit(at: At, campaign: Campaign, engine: Engine, who: str):
    with pytest.raises(NotAllowed):
        _save(at, set(), {"income"}, who)
    assert _ticked(engine, campaign) == []
