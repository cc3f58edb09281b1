"""Many rows at once: as many statements as it takes, each cell in its column."""

from sqlalchemy import Engine, select

from forms_server.db.bulk import insert_rows
from forms_server.db.engine import transaction
from forms_server.db.tables import sign_in_failure

SECOND = "2022-08-25 09:00:00.000000"


def test_more_rows_than_one_statement_takes(engine: Engine) -> None:
    names = ["locked_until", "failures", "name_hash", "last_at"]
    rows = [(None if number % 2 else SECOND, number, f"{number:064}", SECOND) for number in range(7_777)]
    columns = sign_in_failure.c
    with transaction(engine) as connection:
        insert_rows(connection, sign_in_failure, names, [])
        insert_rows(connection, sign_in_failure, names, rows)
        query = select(columns.failures, columns.name_hash, columns.locked_until.is_(None))
        found = connection.execute(query.order_by(columns.failures)).all()
    assert found == [(number, f"{number:064}", number % 2 == 1) for number in range(7_777)]
