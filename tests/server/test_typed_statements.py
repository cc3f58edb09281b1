"""Statements that go past SQLAlchemy store and give what SQLAlchemy does, on both databases."""

from datetime import date, datetime

import pytest
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Integer,
    MetaData,
    String,
    Table,
    bindparam,
    func,
    insert,
    literal,
    select,
)
from sqlalchemy.exc import DBAPIError

from forms_server.db.driver_statements import fetch
from forms_server.db.engine import make_engine, transaction

THINGS = Table(
    "thing",
    MetaData(),
    Column("id", String(9), primary_key=True),
    Column("day", Date),
    Column("at", DateTime),
    Column("yes", Boolean, nullable=False, default=True),
    Column("more", JSON, nullable=False),
    Column("version", Integer, nullable=False, default=1),
)
COMPUTED = Table("computed", MetaData(), Column("id", String(9)), Column("more", JSON, default=dict))
INSERT = insert(THINGS).returning(THINGS.c.id)
FIND = select(
    THINGS, THINGS.c.id, func.aggregate_strings(THINGS.c.id, ",").over().label("all"), literal("和")
).where(THINGS.c.at > bindparam("since"), THINGS.c.yes.is_(True))
WHOLE = {
    "id": "a",
    "day": date(2022, 8, 12),
    "at": datetime(2022, 8, 12, 9, 30, 15, 4),
    "yes": True,
    "more": {"户主": ["张某", 3, None]},
    "version": 2,
}
SINCE = {"since": WHOLE["at"].replace(hour=8)}


@pytest.fixture
def connection(database):
    engine = make_engine(database)
    THINGS.create(engine)
    with transaction(engine) as connection:
        yield connection
    engine.dispose()


@pytest.mark.parametrize("row", [WHOLE, {"id": "a", "at": WHOLE["at"], "more": {}}])
def test_what_is_stored_and_read_is_as_sqlalchemy_does_it(connection, row):
    assert [each.id for each in fetch(connection, INSERT, row)] == ["a"]
    connection.execute(insert(THINGS).values(row | {"id": "b"}))
    ours, theirs = connection.execute(select(THINGS).order_by(THINGS.c.id)).all()
    assert ours[1:] == theirs[1:]
    read = connection.execute(FIND, SINCE).all()
    assert len(read) == 2
    assert sorted(map(tuple, fetch(connection, FIND, SINCE))) == sorted(map(tuple, read))
    assert {each.day for each in fetch(connection, FIND, SINCE)} == {row.get("day")}


def test_a_default_that_is_computed_is_not_left_out_in_silence(connection):
    with pytest.raises(TypeError, match="more of computed"):
        fetch(connection, insert(COMPUTED), {"id": "a"})


def test_a_fault_is_sqlalchemys_and_holds_no_value(connection):
    fetch(connection, INSERT, WHOLE)
    with pytest.raises(DBAPIError) as raised:
        fetch(connection, INSERT, WHOLE)
    assert "张某" not in str(raised.value)
