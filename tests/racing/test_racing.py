"""Race conditions between processes on both databases: optimistic locking of edits, idempotent submissions."""

import pytest
from sqlalchemy import Engine, func, select

from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.desk import Desk
from forms_server.records import record_rows, record_store
from tests.builders import small_campaign
from tests.faults.damaging import WHOLE
from tests.racing import racers
from tests.records.builders import ACCOUNTS, MORNING, form_of, household_issue, record_id

PAIRS = 1_000
SUBMISSIONS, TIMES = 500 if WHOLE else 150, 20


@pytest.fixture
def engine(url: str):
    engine = racers.prepare(url)
    yield engine
    engine.dispose()


def file(engine: Engine, number: int) -> None:
    campaign = small_campaign()
    with transaction(engine) as connection:
        record_store.create(
            Desk(connection, campaign, ACCOUNTS["east"], MORNING), household_issue(campaign, number)
        )


def audited(engine: Engine, action: str) -> int:
    query = select(func.count()).where(tables.audit.c.action == action)
    with engine.connect() as connection:
        return connection.execute(query).scalar_one()


def test_of_a_thousand_pairs_of_racing_edits_one_is_saved_and_one_sees_it(engine: Engine, url: str):
    file(engine, 1)
    first, second = racers.race(racers.edit, url, PAIRS)
    for turn, pair in enumerate(zip(first, second, strict=True)):
        winner = pair.index("saved")
        assert pair[1 - winner] == f"第{turn}轮，第{winner}人"  # the loser is shown the very words that won
    campaign = small_campaign()
    with engine.connect() as connection:
        desk = Desk(connection, campaign, ACCOUNTS["east"], MORNING)
        record = record_rows.get(desk, form_of(campaign, "household-issues"), record_id(1))
    assert record.version == PAIRS + 1
    assert audited(engine, "edit") == PAIRS
    wins = first.count("saved")
    print(  # noqa: T201 - to be read with pytest -s
        f"{engine.dialect.name}: {PAIRS} pairs, {wins} won by one and {PAIRS - wins} by the other, none lost"
    )


def test_submissions_that_are_sent_twenty_times_each_at_once_are_stored_once(engine: Engine, url: str):
    answers = racers.race(racers.submit, url, SUBMISSIONS, TIMES // racers.PROCESSES)
    assert [set(versions) for versions in answers] == [{1}, {1}]
    assert sum(map(len, answers)) == SUBMISSIONS * TIMES
    with engine.connect() as connection:
        ids, contents = zip(
            *connection.execute(select(tables.issue.c.id, tables.issue.c.content)), strict=True
        )
    assert set(ids) == {record_id(number) for number in range(SUBMISSIONS)}
    assert set(contents) == {f"第{number}条" for number in range(SUBMISSIONS)}
    assert len(ids) == audited(engine, "file") == SUBMISSIONS
    print(f"{engine.dialect.name}: {SUBMISSIONS * TIMES} submissions, {len(ids)} records, as many audit rows")  # noqa: T201 - to be read with pytest -s
