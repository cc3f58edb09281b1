"""Statements that run through the driver: the same rows, and the same errors, as through SQLAlchemy."""

import pytest
from sqlalchemy import Engine, bindparam, select, text
from sqlalchemy.exc import DatabaseError

from forms_server.db import tables
from forms_server.db.driver_statements import run
from forms_server.db.engine import snapshot

_SOME = select(tables.account.c.id, tables.account.c.name).where(tables.account.c.name == bindparam("name"))
_FIRST = _SOME.order_by(tables.account.c.id).limit(1)  # a value of its own


def test_it_gives_the_rows_that_sqlalchemy_gives(engine: Engine) -> None:
    with snapshot(engine) as connection:
        connection.execute(text("SELECT 1"))
        assert run(connection, _FIRST, {"name": "nobody"}) == []
        assert run(connection, text("SELECT 1 AS one"), {}) == [(1,)]


def test_a_value_that_is_missing_is_an_error(engine: Engine) -> None:
    with snapshot(engine) as connection, pytest.raises((KeyError, DatabaseError)):
        run(connection, _FIRST, {})


def test_errors_are_sqlalchemys_and_keep_values_to_themselves(engine: Engine) -> None:
    lost = select(text("name")).select_from(text("nowhere")).where(text("name = :name"))
    with snapshot(engine) as connection, pytest.raises(DatabaseError) as caught:
        run(connection, lost, {"name": "张三"})
    assert "张三" not in str(caught.value)
