"""Statements that run through the driver: the same rows, and the same errors, as through SQLAlchemy."""

from datetime import datetime

import pytest
from sqlalchemy import DateTime, Engine, bindparam, literal, select, text
from sqlalchemy.exc import DatabaseError

from checklist.identity_cache import IdentityCache
from forms_server.db import driver_statements, tables
from forms_server.db.driver_statements import read, read_kept, run
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


_MORNING, _NOON = datetime(2022, 8, 25, 9), datetime(2022, 8, 25, 12)
_TYPED = select(
    literal(_MORNING).label("morning"),
    literal("b").in_(["a", "b"]).label("listed"),
    literal("c").label("text"),
).where(literal(_MORNING) < bindparam("until", type_=DateTime))


def test_values_and_cells_have_their_types_and_lists_of_constants_are_written_out(engine: Engine) -> None:
    with snapshot(engine) as connection:
        for until, number in ((_NOON, 1), (_MORNING, 0)):
            found = read(connection, _TYPED, {"until": until})
            assert found == connection.execute(_TYPED, {"until": until}).all()
            assert [(row.morning, row.listed, row.text) for row in found] == [(_MORNING, True, "c")] * number


def test_a_query_is_made_once_for_what_it_is_made_from(engine: Engine) -> None:
    made: list[str] = []

    def asking(name: str):
        made.append(name)
        return None if name == "nothing" else select(literal(name).label("name"))

    models = (object(),)
    with snapshot(engine) as connection:
        for name in ("one", "other", "one", "nothing", "nothing"):
            rows = read_kept(connection, lambda name=name: asking(name), models, "test", name)
            assert [row[0] for row in rows] == ([] if name == "nothing" else [name])
        assert made == ["one", "other", "nothing"]
        read_kept(connection, lambda: asking("one"), (object(),), "test", "one")
    assert made == ["one", "other", "nothing", "one"]


def test_long_queries_are_kept_no_longer_than_there_is_room(engine: Engine, monkeypatch) -> None:
    kept = IdentityCache(100_000, driver_statements._weight)
    monkeypatch.setattr(driver_statements, "_KEPT", kept)
    with snapshot(engine) as connection:
        for number in range(40):
            many = [literal(number).label(f"column_{at}") for at in range(1000)]
            read_kept(connection, lambda many=many: select(*many), (), number)
            held = [typed.made.text for _, typed in kept._made.values()]
            assert sum(map(len, held)) < 100_000
    assert held
