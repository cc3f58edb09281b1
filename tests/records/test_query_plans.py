"""Query plans: every statement of a page uses indexes, by SQLite's EXPLAIN QUERY PLAN."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, literal

from build_scripts.reconciliation.live_reconciliation import reconcile
from checklist.model import Campaign
from forms_server.db.engine import make_engine
from forms_server.db.migrate import migrate
from forms_server.db.record_columns import TABLES
from forms_server.editable_states import State
from forms_server.figures.unit_figures import handed_over, ledger_figures, unit_figures
from forms_server.records import inbox, keyset_paging, ledger_conditions, ledger_listing, record_counts
from forms_server.records.inbox import Inbox
from forms_server.records.ledger_filters import LEDGER_FILTERS, Filters, Sorting
from forms_server.records.live_record_source import live_records
from forms_server.records.query_string_values import FLAG
from forms_server.records.visible_ledger import VisibleLedger
from forms_server.records.zero_reports import standings
from forms_server.scope import relations
from tests.builders import EAST, EAST_WILLOW
from tests.records.builders import ACCOUNTS, AUDIT_KEY, MORNING, form_of, record_id

TODAY = date(2022, 8, 26)
READERS = ["east", "willow", "department", "inspector", "office"]
FILTERS = [
    Filters(),
    Filters(state=State.RECTIFIED),
    Filters(overdue=True),
    Filters(sent_back=True),
    Filters(problem_type_id="water"),
    Filters(village_code=EAST_WILLOW),
    Filters(unit_code=EAST),
    Filters(householder="张某某"),
    Filters(words="裂缝", source="zicha", responsible_unit="水利"),
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    engine = make_engine(f"sqlite:///{Path(tmp_path_factory.mktemp('plans'), 'plans.sqlite3')}", AUDIT_KEY)
    migrate(engine)
    return engine


def plans(engine: Engine, work: Callable[..., Any], *arguments: object) -> list[str]:
    """The steps of SQLite's plans for every statement that is sent, be it through SQLAlchemy or the driver."""
    sent: list[str] = []
    with engine.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
        driver.set_trace_callback(sent.append)
        work(connection, *arguments)
        driver.set_trace_callback(None)
        return [
            step[-1]
            for statement in sent
            if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK"))
            for step in driver.execute(f"EXPLAIN QUERY PLAN {statement}")
        ]


def scans(steps: list[str]) -> list[str]:
    """The steps that read a whole table of records, or a whole index of one."""
    return [
        step for step in steps if step.startswith(("SCAN issue", "SCAN proposed_household", "SCAN tally"))
    ]


@pytest.mark.parametrize("form", ["household-issues", "proposed-household"])
@pytest.mark.parametrize("who", READERS)
def test_a_ledgers_page(database: Engine, campaign: Campaign, who: str, form: str):
    ledger = VisibleLedger(campaign, ACCOUNTS[who], form_of(campaign, form), TODAY)
    for sorting in Sorting:
        key = TODAY if sorting is Sorting.DUE and ledger.due_rule else MORNING
        for place in (
            None,
            keyset_paging.Position(key, record_id(1)),
            keyset_paging.Position(key, record_id(1), back=True),
        ):
            for filters in FILTERS:
                steps = plans(
                    database,
                    lambda c, *asked: ledger_listing.page(c, ledger, *asked),
                    filters,
                    place,
                    sorting,
                )
                assert scans(steps) == [], (filters, place)


@pytest.mark.parametrize("who", READERS)
def test_a_ledgers_page_in_its_own_order_sorts_no_more_than_the_page(
    database: Engine, campaign: Campaign, who: str
):
    """Every range is read in the order of its index: what is sorted are the pages' keys, put together."""
    ledger = VisibleLedger(campaign, ACCOUNTS[who], form_of(campaign, "household-issues"), TODAY)
    for sorting in Sorting:
        for part in ledger_conditions.wanted(ledger, Filters()):
            query = keyset_paging.page_query(ledger.table, [part], ledger_listing.order_of(ledger, sorting))
            window = query.get_final_froms()[0].right.element
            if who == "willow" and sorting is Sorting.DUE:
                continue  # a village's records are few: they are sorted
            steps = plans(database, lambda c, one: c.execute(one).all(), window)
            assert [step for step in steps if "TEMP B-TREE" in step] == []


@pytest.mark.parametrize("who", READERS)
def test_figures_and_inbox(database: Engine, campaign: Campaign, who: str):
    account = ACCOUNTS[who]
    ledger = VisibleLedger(campaign, account, form_of(campaign, "household-issues"), TODAY)

    def work(connection: Connection) -> None:
        record_counts.counts(connection, ledger)
        record_counts.count_overdue(connection, ledger)
        ledger_figures(connection, campaign, account, TODAY)
        inbox.count(connection, Inbox(campaign, account))
        inbox.page(connection, Inbox(campaign, account))
        inbox.page(
            connection, Inbox(campaign, account, EAST, "water"), keyset_paging.Position(TODAY, record_id(1))
        )
        unit_figures(connection, campaign, campaign.filing_units)
        standings(connection, campaign, EAST)

    assert scans(plans(database, work)) == []


def test_every_partial_index_serves_a_page(database: Engine, campaign: Campaign):
    """SQLite takes a partial index only where a query says its condition in the same words."""
    steps: list[str] = []
    flags = [name for name, row in LEDGER_FILTERS.items() if row.value is FLAG]
    for who in READERS:
        account = ACCOUNTS[who]
        for form in ("household-issues", "proposed-household"):
            ledger = VisibleLedger(campaign, account, form_of(campaign, form), TODAY)
            for name in flags:
                for relation in (None, *relations(campaign, account)):
                    asked = Filters(relation=relation, **{name: True})
                    for sorting in Sorting:
                        steps += plans(database, ledger_listing.page, ledger, asked, None, sorting)
                    steps += plans(database, record_counts.count_up, ledger, asked)
        steps += plans(database, inbox.page, Inbox(campaign, account))
        steps += plans(database, inbox.count, Inbox(campaign, account))
        steps += plans(database, handed_over, campaign, account)
        steps += plans(database, lambda c: reconcile(live_records(c), campaign))
    used = {name for step in steps for name in re.findall(r"INDEX (\w+)", step)}
    partial = {
        index.name
        for table in TABLES.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    }
    assert partial - used == set()


def test_a_full_scan_would_be_seen(database: Engine):
    issue = TABLES["issue"]
    steps = plans(database, lambda c: c.execute(issue.select().where(issue.c.content == literal("x"))).all())
    assert scans(steps) != []
