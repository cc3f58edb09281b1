"""Two web servers over one PostgreSQL and one data folder: one is killed under load, the other goes on."""

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from threading import Condition

import pytest
from sqlalchemy import select

from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.db import tables
from forms_server.db.engine import audit_key
from tests.racing.county import FORM, County, Person, host_of, new_id, running

CLIENTS = 6
BEFORE, AFTER = 20, 40
"""Records acknowledged before the kill and after it."""


@dataclass
class Balanced:
    """What nginx does with two upstreams: in turn, and the next where one doesn't answer."""

    people: list[Person]
    acknowledged: dict[str, float] = field(default_factory=dict)
    by_host: dict[str, int] = field(default_factory=dict)
    failed: int = 0
    over: bool = False
    changed: Condition = field(default_factory=Condition)

    def file_until_over(self, first: int) -> None:
        turn = first
        while not self.over:
            record_id = new_id()
            while not self._filed(self.people[turn % len(self.people)], record_id):
                turn += 1
            turn += 1

    def _filed(self, person: Person, record_id: str) -> bool:
        try:
            answer = person.file(record_id, content=f"问题{record_id}")
        except (OSError, http.client.HTTPException):
            self.failed += 1
            return False
        if answer.status == 503:  # busy: the same form again
            return False
        assert (answer.status, answer.location) == (303, f"{FORM}/{record_id}"), answer
        with self.changed:
            self.acknowledged[record_id] = time.monotonic()
            self.by_host[person.host] = self.by_host.get(person.host, 0) + 1
            self.changed.notify_all()
        return True

    def wait_for(self, count: int) -> None:
        with self.changed:
            assert self.changed.wait_for(lambda: len(self.acknowledged) >= count, 120)


@pytest.fixture
def county(tmp_path: Path, postgres_url: str) -> Iterator[County]:
    with running(tmp_path, postgres_url) as county:
        yield county


@contextmanager
def second_server(county: County) -> Iterator[tuple["subprocess.Popen[str]", str]]:
    """Another server of the same installation, in a process group of its own."""
    command = [sys.executable, "-m", "forms_server", "serve", "--port", "0"]
    log = county.office.home / "second.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            env=county.office.environment,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            start_new_session=True,
        )
    with process:
        try:
            yield process, host_of(process, log)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)


def test_a_killed_server_loses_nothing_and_the_other_goes_on(county: County) -> None:
    person = county.person()
    with second_server(county) as (process, host), ThreadPoolExecutor(CLIENTS) as clients:
        load = Balanced([person, replace(person, host=host)])  # signed in once, for both
        work = [clients.submit(load.file_until_over, number) for number in range(CLIENTS)]
        try:
            load.wait_for(BEFORE)
            os.killpg(process.pid, signal.SIGKILL)
            killed = time.monotonic()
            load.wait_for(len(load.acknowledged) + AFTER)
        finally:
            load.over = True
        for each in work:
            each.result(120)
    assert set(load.by_host) == {person.host, host}
    assert load.failed > 0
    later = sorted(moment for moment in load.acknowledged.values() if moment > killed)
    gap = max(after - before for before, after in zip([killed, *later], later, strict=False))
    assert gap < 10  # on a busy machine; some tenths of a second on a quiet one
    with county.engine.connect() as connection:
        stored = set(connection.execute(select(tables.issue.c.id)).scalars())
        assert set(load.acknowledged) <= stored
        filed = connection.execute(select(tables.audit.c.subject_id).where(tables.audit.c.action == "file"))
        assert sorted(filed.scalars()) == sorted(stored)
        assert first_fault(audit_key(connection), read_head(connection), read_rows(connection)) is None
    print(  # noqa: T201 - to be read with pytest -s
        f"{len(load.acknowledged)} records acknowledged and there, longest gap after the kill {gap:.2f} s"
    )
