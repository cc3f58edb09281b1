"""Durability and atomicity under killed workers: acknowledged writes persist, no write is partial."""

import http.client
import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Condition

import pytest
from sqlalchemy import select, text

from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.db import tables
from forms_server.db.engine import audit_key
from tests.racing.county import FORM, ISSUE, County, Person, new_id, running

KILLS = 50
CLIENTS = 8
BETWEEN = 6
"""Records that are acknowledged between one kill and the next."""


@dataclass
class Book:
    """What the clients know: what they sent, what was acknowledged, and how often the server went away."""

    sent: dict[str, str] = field(default_factory=dict)
    acknowledged: set[str] = field(default_factory=set)
    broken: int = 0
    over: bool = False
    changed: Condition = field(default_factory=Condition)


@pytest.fixture
def county(tmp_path: Path, url: str) -> Iterator[County]:
    with running(tmp_path, url) as county:
        yield county


def file_until_over(person: Person, book: Book, number: int) -> None:
    """Files record after record; where the server goes away, the same one again, as a person does."""
    turn = 0
    while not book.over:
        record_id, words = new_id(), f"第{number}人第{turn}条"
        with book.changed:
            book.sent[record_id] = words
        turn += 1
        while not _acknowledged(person, book, record_id, words):
            pass


def _acknowledged(person: Person, book: Book, record_id: str, words: str) -> bool:
    try:
        answer = person.file(record_id, content=words)
    except (OSError, http.client.HTTPException):
        book.broken += 1
        return False
    if answer.status == 503:  # where the machine is busy for seconds: told so, and sent again
        return False
    assert (answer.status, answer.location) == (303, f"{FORM}/{record_id}"), answer
    with book.changed:
        book.acknowledged.add(record_id)
        book.changed.notify_all()
    return True


def kill_workers(county: County, book: Book) -> set[int]:
    """Kill a worker by its id each time that some more records were acknowledged."""
    killed: set[int] = set()
    for _ in range(KILLS):
        with book.changed:
            enough = len(book.acknowledged) + BETWEEN
            assert book.changed.wait_for(lambda: len(book.acknowledged) >= enough, 60)  # noqa: B023 - called now
            # The one that has lived longest: the others may not have taken a request yet.
            worker = next(pid for pid in county.workers() if pid not in killed)
            os.kill(worker, signal.SIGKILL)
        killed.add(worker)
    return killed


def test_no_acknowledged_record_is_lost_and_none_is_half_there(county: County):
    book, person = Book(), county.person()
    with ThreadPoolExecutor(CLIENTS) as clients:
        work = [clients.submit(file_until_over, person, book, number) for number in range(CLIENTS)]
        try:
            killed = kill_workers(county, book)
        finally:
            book.over = True
        for each in work:
            each.result(120)
    assert len(killed) == KILLS
    assert book.acknowledged == set(book.sent)
    with county.engine.connect() as connection:
        rows = {row["id"]: row for row in connection.execute(select(tables.issue)).mappings()}
        audited = connection.execute(
            select(tables.audit.c.subject_id).where(tables.audit.c.action == "file")
        ).scalars()
        assert sorted(audited) == sorted(rows)
        if county.engine.dialect.name == "sqlite":
            assert connection.execute(text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert first_fault(audit_key(connection), read_head(connection), read_rows(connection)) is None
    assert {key: row["content"] for key, row in rows.items()} == book.sent
    assert {row["householder"] for row in rows.values()} == {ISSUE["householder"]}
    assert {row["version"] for row in rows.values()} == {1}
    print(  # noqa: T201 - to be read with pytest -s
        f"{county.engine.dialect.name}: {KILLS} workers killed, {len(rows)} records acknowledged and there, "
        f"{book.broken} requests cut off and sent again"
    )
