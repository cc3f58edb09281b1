"""One rule of what is overdue: a record in hand, a row, a query and plain SQL say the same."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, Table, insert, select, text

from build_scripts.documents.overdue_issues import overdue_issues
from checklist.model import Campaign, RecordForm
from checklist.overdue import DueRule, due_rule, is_overdue
from checklist.states import STATES_BY_KIND, State
from forms_server.db.engine import transaction
from forms_server.db.record_columns import TABLES
from forms_server.records import overdue_conditions
from forms_server.records.ledger_filters import Filters
from forms_server.records.ledger_listing import page
from forms_server.records.live_record_source import live_records
from forms_server.records.record import to_record
from forms_server.records.record_counts import count_overdue
from forms_server.records.visible_ledger import VisibleLedger
from tests.builders import EAST, EAST_WILLOW
from tests.records.builders import ACCOUNTS, MORNING, form_of, record_id

TODAY = date(2022, 8, 26)
DAYS = st.sampled_from([TODAY + timedelta(days=days) for days in (-17, -16, -15, -14, -1, 0, 1)])
FORMS = ("household-issues", "proposed-household")


def rows_of(form: RecordForm) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Rows of a form's table in all states, with and without the days that matter."""
    states = st.sampled_from([state.value for state in STATES_BY_KIND[form.kind]])
    days = (
        {"deadline": DAYS | st.none()}
        if form.kind == "issue"
        else {"identified_on": DAYS, "entered_on": DAYS | st.none()}
    )
    return st.lists(st.fixed_dictionaries({"state": states, **days}), max_size=8)


def put(connection: Connection, form: RecordForm, rows: list[dict[str, Any]]) -> None:
    """Put rows in place of those that are there."""
    table = TABLES[form.kind]
    connection.execute(table.delete())
    common = {
        "campaign_id": "small", "form_id": form.id, "form_version": 1, "unit_code": EAST, "problem_type_id": "income",
        "village_code": EAST_WILLOW, "extra": {}, "version": 1, "created_by": ACCOUNTS["east"].id,
        "created_at": MORNING, "changed_at": MORNING,
    }  # fmt: skip
    area = {"area_id": "income"} if form.kind == "issue" else {"people": 2}
    filed = [common | area | row | {"id": record_id(number)} for number, row in enumerate(rows)]
    if filed:
        connection.execute(insert(table), filed)


def rule_of(form: RecordForm) -> DueRule:
    rule = due_rule(form)
    assert rule is not None
    return rule


@pytest.mark.parametrize("form_id", FORMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_all_ways_of_asking_find_the_same(
    engine: Engine, campaign: Campaign, form_id: str, data: st.DataObject
) -> None:
    form = form_of(campaign, form_id)
    rule, table = rule_of(form), TABLES[form.kind]
    with transaction(engine) as connection:
        put(connection, form, data.draw(rows_of(form)))
        stored = connection.execute(select(table)).mappings().all()
        expected = {row["id"] for row in stored if rule.overdue(row, TODAY)}
        assert {row["id"] for row in stored if to_record(form, row).overdue(TODAY)} == expected
        assert ids(connection, table, overdue_conditions.overdue(table, rule, TODAY)) == expected
        assert ids(connection, table, text(rule.overdue_sql(TODAY))) == expected
        ledger = VisibleLedger(campaign, ACCOUNTS["office"], form, TODAY)
        assert {each.id for each in page(connection, ledger, Filters(overdue=True)).records} == expected
        assert count_overdue(connection, ledger) == len(expected)
        if form.kind == "issue":
            assert len(overdue_issues(live_records(connection), campaign, TODAY)) == len(expected)


def test_what_waits_for_its_date_is_neither_entered_nor_withdrawn(engine: Engine, campaign: Campaign) -> None:
    form = form_of(campaign, "proposed-household")
    rows = [("proposed", None), ("proposed", TODAY), ("withdrawn", None)]
    with transaction(engine) as connection:
        put(
            connection,
            form,
            [{"state": state, "identified_on": TODAY, "entered_on": day} for state, day in rows],
        )
        ledger = VisibleLedger(campaign, ACCOUNTS["office"], form, TODAY)
        found = page(connection, ledger, Filters(waiting=True)).records
        assert [each.id for each in found] == [record_id(0)]


def ids(connection: Connection, table: Table, condition: Any) -> set[str]:
    return set(connection.execute(select(table.c.id).where(condition)).scalars())


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("late", [1, 0, -1])
def test_only_what_waits_is_overdue_and_only_after_its_day(state: State, late: int) -> None:
    waits = state in {State.RECTIFYING, State.PROPOSED}
    assert is_overdue(state, TODAY - timedelta(days=late), TODAY) == (waits and late > 0)
    assert not is_overdue(state, None, TODAY)


@given(since=st.dates(date(1900, 1, 1), date(2199, 12, 31)), days=st.integers(0, 3650))
def test_the_day_that_is_counted_from_and_the_deadline_follow_from_each_other(since: date, days: int) -> None:
    rule = DueRule(State.PROPOSED, "identified_on", days, until="entered_on")
    assert rule.since_for(rule.due_from(since)) == since
    assert rule.due({"identified_on": since, "entered_on": None}) == rule.due_from(since)
    assert rule.due({"identified_on": since, "entered_on": since}) is None


def test_days_may_be_texts_as_a_signed_return_keeps_them() -> None:
    rule = DueRule(State.RECTIFYING, "deadline")
    assert rule.overdue({"state": "rectifying", "deadline": "2022-08-25"}, TODAY)
    assert not rule.overdue({"state": "rectifying", "deadline": "2022-08-26"}, TODAY)
