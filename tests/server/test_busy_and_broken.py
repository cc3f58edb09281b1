"""A database that is busy, full or read-only: reading goes on, writing is answered within a limit, nothing typed is lost."""

import fcntl
import threading
import time
from contextlib import closing, contextmanager
from uuid import uuid4

import pysqlite3
import pytest
from sqlalchemy import event, update
from sqlalchemy.exc import DBAPIError, TimeoutError

from build_scripts.database_trouble import Trouble, trouble_of
from forms_server.access import Role
from forms_server.accounts import sessions
from forms_server.db import tables, write_queue
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.db.write_queue import WriteQueue, begin_patience
from tests.builders import EAST
from tests.server.pages import PASSWORD, token
from tests.server.records import HOUSEHOLD, ISSUE

PATIENCE = 0.3
SOON = 2.0
"""Seconds within which a page answers on a busy machine; the server's patience is shorter here."""


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr(write_queue, "BUSY_SECONDS", PATIENCE)
    monkeypatch.setattr("forms_server.db.engine.BUSY_SECONDS", PATIENCE)


@pytest.fixture
def idle(app, signed_in, now):
    """A reporter who has been idle, so that the visit is to be noted."""
    client = signed_in(EAST, Role.REPORTER)
    client.get("/")
    engine = app.extensions["huitoukan"].engine
    with transaction(engine) as connection:
        connection.execute(update(tables.session).values(seen_at=now - 2 * sessions.TOUCH_AFTER))
    return client


@contextmanager
def locked_by_another(tmp_path):
    """Another program in the middle of writing."""
    with closing(pysqlite3.connect(tmp_path / "test.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def turn_taken(tmp_path):
    """A long import of another process."""
    with (tmp_path / "test.sqlite3-turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def turn(queue, patience=None):
    """A writer's turn."""
    queue.take(patience)
    yield
    queue.release()


def filing(client) -> dict[str, str]:
    return {
        **ISSUE,
        "csrf_token": token(client, "/password"),
        "record-id": str(uuid4()),
        "is-different": "yes",
    }


@pytest.mark.parametrize("busy", [locked_by_another, turn_taken])
def test_reading_waits_for_no_writer(idle, tmp_path, busy):
    with busy(tmp_path):
        began = time.monotonic()
        for page in ("/", "/records/", "/sessions"):
            assert idle.get(page).status_code == 200
        assert time.monotonic() - began < SOON


@pytest.mark.parametrize("busy", [locked_by_another, turn_taken])
def test_a_writer_is_told_within_the_limit_and_keeps_what_was_typed(reporter, tmp_path, busy):
    form = filing(reporter)
    with busy(tmp_path):
        began = time.monotonic()
        response = reporter.post(HOUSEHOLD, data=form)
        assert time.monotonic() - began < SOON
    assert response.status_code == 503
    assert ISSUE["content"] in response.text
    assert reporter.post(HOUSEHOLD, data=form).status_code < 400


def test_signing_in_waits_once_in_all(client, app, signed_in, tmp_path):
    signed_in(EAST, Role.REPORTER, name="li")
    form = {"name": "li", "password": PASSWORD, "csrf_token": token(client, "/sign-in")}
    with turn_taken(tmp_path):
        began = time.monotonic()
        assert client.post("/sign-in", data=form).status_code == 503
        assert time.monotonic() - began < SOON
    assert client.post("/sign-in", data=form).status_code == 303


@contextmanager
def full_disk(engine):
    """No page can be added to the database."""

    def limit(connection, *_more):
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages}")
        connection.execute("PRAGMA wal_autocheckpoint = 0")

    with _on_each_connection(engine, limit):
        yield


@contextmanager
def read_only(engine):
    """A database that can't be written."""
    with _on_each_connection(engine, lambda connection, *_more: connection.execute("PRAGMA query_only = ON")):
        yield


@contextmanager
def _on_each_connection(engine, change):
    engine.dispose()
    event.listen(engine, "connect", change)
    yield
    event.remove(engine, "connect", change)
    engine.dispose()


@pytest.mark.parametrize("broken", [full_disk, read_only])
def test_a_page_is_read_though_the_database_can_not_be_written(app, idle, broken):
    with broken(app.extensions["huitoukan"].engine):
        for page in ("/", "/records/", HOUSEHOLD):
            assert idle.get(page).status_code == 200


@pytest.mark.parametrize("broken", [full_disk, read_only])
def test_what_was_typed_is_kept_though_it_can_not_be_written(app, reporter, broken):
    form = filing(reporter) | {"content": "漏" * 300}
    with broken(app.extensions["huitoukan"].engine):
        for _ in range(200):  # until the pages that were half empty are full
            response = reporter.post(HOUSEHOLD, data=form | {"record-id": str(uuid4())})
            if response.status_code == 503:
                break
    assert response.status_code == 503
    assert "漏" * 300 in response.text


def test_a_folder_that_can_not_be_written_stops_no_reading(idle, monkeypatch):
    def refused(*_arguments, **_more):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(write_queue.os, "open", refused)
    assert idle.get("/records/").status_code == 200


def test_transactions_of_a_request_share_its_patience(tmp_path):
    queue = WriteQueue(str(tmp_path / "turn"))
    with (tmp_path / "turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        begin_patience()
        began = time.monotonic()
        for _ in range(3):
            with pytest.raises(TimeoutError), turn(queue):
                pass
        assert PATIENCE <= time.monotonic() - began < 2 * PATIENCE


def test_a_turn_that_was_given_up_is_not_kept(tmp_path):
    queue = WriteQueue(str(tmp_path / "turn"))
    with (tmp_path / "turn").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        for _ in range(3):
            with pytest.raises(TimeoutError), turn(queue, 0.05):
                pass
        waiting = [each for each in threading.enumerate() if each.name == str(tmp_path / "turn")]
        assert len(waiting) == 1  # in the place of all
    with turn(queue, 5.0):
        pass
    with (tmp_path / "turn").open("w") as file:
        deadline = time.monotonic() + 5
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                assert time.monotonic() < deadline


def test_only_so_many_writers_wait(monkeypatch, tmp_path):
    monkeypatch.setattr(write_queue, "MOST_WAITING", 1)
    queue, waits = WriteQueue(), threading.Event()

    def wait() -> None:
        waits.set()
        with pytest.raises(TimeoutError), turn(queue, PATIENCE):
            pass

    with turn(queue):
        other = threading.Thread(target=wait)
        other.start()
        waits.wait()
        deadline = time.monotonic() + 5
        while not queue._waiting:
            assert time.monotonic() < deadline
        began = time.monotonic()
        with pytest.raises(TimeoutError, match="too many"), turn(queue, 60):
            pass
        assert time.monotonic() - began < SOON
        other.join()


def test_on_postgresql_another_process_is_waited_for_within_the_limit(postgres_url):
    ours, other = make_engine(postgres_url, b"k" * 32), make_engine(postgres_url, b"k" * 32)
    migrate(ours)
    with transaction(other) as writing:
        writing.execute(update(tables.account).values(disabled=True))
        began = time.monotonic()
        with pytest.raises(DBAPIError) as raised, transaction(ours, PATIENCE):
            pass
        assert time.monotonic() - began < SOON
        assert trouble_of(raised.value) is Trouble.BUSY
        with ours.connect() as reading:
            assert reading.execute(tables.account.select()).all() == []
    ours.dispose()
    other.dispose()
