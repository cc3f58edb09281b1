"""Writers that queue at the same time share a commit: all that they were told is stored, and nothing of who failed."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Connection, Engine, event, insert, select
from sqlalchemy.exc import DBAPIError, OperationalError

from forms_server.db import common_transaction
from forms_server.db.engine import make_engine, transaction
from forms_server.db.tables import sign_in_failure

LONG = 30.0
"""Seconds after which a test that hangs fails."""


@pytest.fixture
def engine(database, monkeypatch):
    monkeypatch.setattr(common_transaction, "LONGEST_SECONDS", LONG)
    engine = make_engine(database)
    sign_in_failure.create(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def commits(engine):
    """One entry a commit."""
    found: list[Connection] = []
    event.listen(engine, "commit", found.append)
    return found


class Queue:
    """Writers that come one after the other while the first is in the middle of its work."""

    def __init__(self, engine: Engine, now) -> None:
        self.engine, self.now = engine, now
        self.begun, self.go_on = threading.Event(), threading.Event()
        self.threads = ThreadPoolExecutor(32)
        self.first = self.threads.submit(self.write, "first", self._stay)
        assert self.begun.wait(LONG)

    def _stay(self, _connection: Connection) -> None:
        self.begun.set()
        assert self.go_on.wait(LONG)

    def write(
        self, key: str, work: Callable[[Connection], None] = lambda _connection: None, *, shares: bool = True
    ) -> None:
        with transaction(self.engine, LONG, shares_commit=shares) as connection:
            connection.execute(insert(sign_in_failure).values(key=key, failures=1, last_at=self.now))
            work(connection)

    def follow(self, *arguments, **options) -> Future:
        """Another writer, who waits when this returns."""
        queue = self.engine.get_execution_options()["huitoukan_queue"]
        before = len(queue._waiting)
        future = self.threads.submit(self.write, *arguments, **options)
        while len(queue._waiting) == before:
            assert not future.done()
        return future

    def stored(self) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.scalars(select(sign_in_failure.c.key)))


@pytest.fixture
def queue(engine, now):
    queue = Queue(engine, now)
    yield queue
    queue.go_on.set()
    queue.threads.shutdown()


def refuse(_connection: Connection) -> None:
    raise ZeroDivisionError


def test_those_that_queue_are_committed_at_once_and_told_only_then(queue, commits):
    seen: list[tuple[bool, set[str]]] = []

    def look(_connection: Connection) -> None:
        with suppress(TimeoutError):
            queue.first.result(0.2)
        seen.append((queue.first.done(), queue.stored()))

    others = [queue.follow("second"), queue.follow("third", look)]
    queue.go_on.set()
    for each in (queue.first, *others):
        each.result(LONG)
    assert seen == [(False, set())]
    assert len(commits) == 1
    assert queue.stored() == {"first", "second", "third"}


@pytest.mark.parametrize("failing", [0, 1, 2])
def test_who_fails_takes_nothing_of_the_others_along(queue, failing):
    names = ["second", "third", "fourth"]
    others = [queue.follow(name, *([refuse] if at == failing else [])) for at, name in enumerate(names)]
    queue.go_on.set()
    queue.first.result(LONG)
    for at, each in enumerate(others):
        if at == failing:
            with pytest.raises(ZeroDivisionError):
                each.result(LONG)
        else:
            each.result(LONG)
    assert queue.stored() == {"first", *names} - {names[failing]}


def test_a_commit_that_fails_is_told_to_each(queue, engine):
    def fail(_connection: Connection) -> None:
        raise OperationalError("COMMIT", None, RuntimeError("disk full"))

    others = [queue.follow("second"), queue.follow("third")]
    event.listen(engine, "commit", fail, once=True)
    queue.go_on.set()
    for each in (queue.first, *others):
        with pytest.raises(DBAPIError):
            each.result(LONG)
    assert queue.stored() == set()
    queue.write("after")
    assert queue.stored() == {"after"}


@pytest.mark.parametrize("way", ["swallowed", "raised"])
@pytest.mark.parametrize("at", [1, 2])
def test_a_transaction_that_has_ended_by_itself_is_told_to_all_before(queue, way, at):
    def end(connection: Connection) -> None:  # as SQLite does when the disk is full
        connection.connection.dbapi_connection.execute("ROLLBACK")
        if way == "raised":
            raise ZeroDivisionError

    others = [queue.follow(name, *([end] if number == at else [])) for number, name in enumerate("abc", 1)]
    queue.go_on.set()
    for each in (queue.first, *others[: at - 1]):
        with pytest.raises(DBAPIError):
            each.result(LONG)
    with pytest.raises((DBAPIError, ZeroDivisionError)):
        others[at - 1].result(LONG)
    for each in others[at:]:
        each.result(LONG)
    assert queue.stored() == set("abc"[at:])


def test_a_long_writer_is_not_waited_for(queue, commits):
    other = queue.follow("long", lambda _connection: queue.first.result(LONG), shares=False)
    queue.go_on.set()
    other.result(LONG)
    assert len(commits) == 2


@pytest.mark.parametrize(("limit", "value"), [("MOST_PARTS", 2), ("LONGEST_SECONDS", -1.0)])
def test_other_processes_have_their_turn_in_between(queue, commits, monkeypatch, limit, value):
    monkeypatch.setattr(common_transaction, limit, value)
    others = [queue.follow(name) for name in "abc"]
    queue.go_on.set()
    for each in (queue.first, *others):
        each.result(LONG)
    assert len(commits) == (2 if limit == "MOST_PARTS" else 4)
    assert queue.stored() == {"first", *"abc"}
