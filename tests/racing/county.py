"""The real server over either database, with signed-in clients, on loopback."""

import http.client
import re
import subprocess
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine

from forms_server.account import Role
from forms_server.account_policy import AccountPolicy
from forms_server.accounts import account_store, sessions
from forms_server.clock import Clock
from forms_server.db.engine import make_engine, transaction
from forms_server.server_settings import Config
from tests.e2e.server import Office, new_office

UNIT, VILLAGE = "341322101", "341322101201"
FORM = "/records/annex-1-1"
ISSUE = {
    "village": VILLAGE,
    "householder": "张某某",
    "household_type": "yiban",
    "problem_type": "housing",
    "content": "堂屋漏雨，用塑料布盖着。",
    "measures": "雨后换瓦修缮。",
    "responsible_person": "王某某",
    "responsible_unit": "黄口镇",
    "deadline": "立行立改",
    "people": "3",
    "source": "self",
    "found_by": "李某某",
}


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    status: int
    location: str
    page: str


@dataclass(frozen=True)
class Person:
    """A signed-in client; each call opens a new connection, so that it reaches any worker."""

    host: str
    token: str
    csrf: str

    def post(self, path: str, **typed: str) -> Answer:
        """Send a form.

        Raises:
            OSError: the server went away; http.client.HTTPException: it did so in the middle of its answer.
        """
        body = urlencode({"csrf_token": self.csrf, **typed})
        headers = {
            "Cookie": f"huitoukan={self.token}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        connection = http.client.HTTPConnection(self.host, timeout=60)
        try:
            connection.request("POST", path, body, headers)
            answer = connection.getresponse()
            return Answer(answer.status, answer.getheader("Location") or "", answer.read().decode())
        finally:
            connection.close()

    def file(self, record_id: str, **changed: str) -> Answer:
        """Files an issue."""
        return self.post(f"{FORM}/new", **{**ISSUE, "record-id": record_id, "is-different": "yes", **changed})


@dataclass(frozen=True)
class County:
    """A running server, its database, and its main process."""

    office: Office
    engine: Engine
    host: str
    process: "subprocess.Popen[str]"

    def person(self, name: str = "tester", role: Role = Role.REPORTER) -> Person:
        """Create a signed-in account of the township."""
        at = Clock().now()
        with transaction(self.engine) as connection:
            if not account_store.find_by_name(connection, name):
                new = account_store.NewAccount(name, UNIT, role, display_name=name)
                account_store.add(connection, at, None, new, "-", must_change_password=False)
            account = account_store.find_by_name(connection, name)
            assert account
            token = sessions.start(connection, at, account.id, timedelta(days=1), "test")
            found = sessions.find(connection, token, at, AccountPolicy())
        assert found
        return Person(self.host, token, found[0].csrf_token)

    def workers(self) -> list[int]:
        """The ids of the processes that answer requests."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@contextmanager
def running(home: Path, url: str, **settings: str) -> Iterator[County]:
    """A server over an empty database; its processes are gone at the end of the block."""
    office = new_office(home, HUITOUKAN_DATABASE=url, **settings)
    command = [sys.executable, "-m", "forms_server", "serve", "--port", "0"]
    log = home / "server.log"
    with log.open("w") as errors:
        process = subprocess.Popen(
            command, env=office.environment, stdout=subprocess.PIPE, stderr=errors, text=True
        )
    engine = make_engine(url, _config(office).audit_key())
    with process:
        try:
            yield County(office, engine, host_of(process, log), process)
        finally:
            process.terminate()
            process.wait(60)
            engine.dispose()


def new_id() -> str:
    """An id as a page makes one."""
    return str(uuid.uuid4())


def _config(office: Office) -> Config:
    return Config.from_environment(office.environment)


def host_of(process: Any, log: Path) -> str:
    for line in process.stdout:
        if found := re.search(r"http://([\d.:]+)", line):
            return found[1]
    raise AssertionError(f"the server did not start: {log.read_text()}")
