"""Bulk insert: batched statements, each cell in its column."""

import pytest
from sqlalchemy import Connection, Engine, inspect, select

from forms_server.db.bulk_insert import indexes_afterwards, insert_rows
from forms_server.db.engine import transaction
from forms_server.db.tables import audit, sign_in_failure

SECOND = "2022-08-25 09:00:00.000000"


def test_more_rows_than_one_statement_takes(engine: Engine) -> None:
    names = ["locked_until", "failures", "key", "last_at"]
    rows = [(None if number % 2 else SECOND, number, f"{number:064}", SECOND) for number in range(7_777)]
    columns = sign_in_failure.c
    with transaction(engine) as connection:
        insert_rows(connection, sign_in_failure, names, [])
        insert_rows(connection, sign_in_failure, names, rows)
        query = select(columns.failures, columns.key, columns.locked_until.is_(None))
        found = connection.execute(query.order_by(columns.failures)).all()
    assert found == [(number, f"{number:064}", number % 2 == 1) for number in range(7_777)]


AUDIT = [
    "id", "at", "account_id", "unit_code", "subject", "subject_id", "action", "change", "hash"
]  # fmt: skip


def add_audit(connection: Connection, first: int, count: int) -> None:
    numbers = range(first, first + count)
    rows = [(number, SECOND, None, None, "issue", str(-number), "file", "{}", "") for number in numbers]
    insert_rows(connection, audit, AUDIT, rows)


def indexes(connection: Connection) -> list[object]:
    return sorted(map(str, inspect(connection).get_indexes("audit")))


def test_indexes_are_built_anew_after_many_rows(engine: Engine) -> None:
    with transaction(engine) as connection:
        before = indexes(connection)
        with indexes_afterwards(connection, audit, 10_000):
            assert (indexes(connection) == []) == (engine.dialect.name == "sqlite")
            add_audit(connection, 1, 10_000)
    with engine.connect() as connection:
        assert indexes(connection) == before != []
        if engine.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
            plan = "EXPLAIN QUERY PLAN SELECT id FROM audit WHERE subject = 'issue' AND subject_id = '-7'"
            assert "INDEX" in connection.exec_driver_sql(plan).one()[-1]


@pytest.mark.parametrize(("there", "coming"), [(0, 9_999), (5_001, 10_000)])
def test_indexes_stay_where_few_rows_come_or_many_are_there(engine: Engine, there: int, coming: int) -> None:
    with transaction(engine) as connection:
        add_audit(connection, 1, there)
        before = indexes(connection)
        with indexes_afterwards(connection, audit, coming):
            assert indexes(connection) == before != []


def test_indexes_are_there_again_when_the_transaction_fails(engine: Engine) -> None:
    with engine.connect() as connection:
        before = indexes(connection)
    with (
        pytest.raises(ZeroDivisionError),
        transaction(engine) as connection,
        indexes_afterwards(connection, audit, 10_000),
    ):
        raise ZeroDivisionError
    with engine.connect() as connection:
        assert indexes(connection) == before != []
