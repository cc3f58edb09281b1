"""Load generator: a server on loopback and concurrent clients, ended with the block that started them."""

import http.client
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import quantiles
from typing import Any
from urllib.parse import urlencode

import click
from sqlalchemy import Engine, text

from build_scripts.settings import PROJECT
from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store, sessions
from forms_server.clock import Clock
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.server_settings import Config

CHECKLIST = PROJECT / "checklist" / "2022-huitoukan"
CLIENTS = 8
WORKERS = 2


@dataclass(frozen=True)
class Client:
    """One browser's connection, which stays open."""

    connection: http.client.HTTPConnection
    headers: dict[str, str]
    fields: dict[str, str]

    def post(self, path: str, expected: int, **more: str) -> None:
        """Send a form."""
        body = urlencode({**self.fields, **more})
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, body, {**self.headers, **kind})
        self._answer(expected)

    def get(self, path: str, *expected: int) -> None:
        """Ask for a page; ``expected`` are the answers that will do, if not 200 alone."""
        self.connection.request("GET", path, headers=self.headers)
        self._answer(*(expected or (200,)))

    def _answer(self, *expected: int) -> None:
        answer = self.connection.getresponse()
        page = answer.read().decode()
        if answer.status not in expected:
            said = re.findall(r'class="field-error"[^>]*>([^<]*)', page) or page[:500]
            raise click.ClickException(f"the server answered {answer.status} instead of {expected}: {said}")


@dataclass(frozen=True)
class Times:
    """Response times in seconds, and the total."""

    each: list[float]
    whole: float

    @property
    def per_second(self) -> float:
        """Requests a second."""
        return len(self.each) / self.whole

    @property
    def p95(self) -> float:
        """95th percentile of the response time, in milliseconds."""
        return quantiles(self.each, n=20)[-1] * 1000


@dataclass(frozen=True)
class Load:
    """What clients saw of a server that they kept busy; times in milliseconds."""

    requests: int
    seconds: float
    failed: int
    median: float
    p95: float
    p99: float
    processors: float = 0.0
    """Seconds that processors worked for the server's workers."""

    @property
    def per_second(self) -> float:
        """Requests a second that did not fail."""
        return (self.requests - self.failed) / self.seconds


@dataclass(frozen=True)
class Server:
    """A running server: where it listens, and its main process."""

    host: str
    process: "subprocess.Popen[str]"

    def workers(self) -> list[int]:
        """The processes that answer."""
        pid = self.process.pid
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def processor_seconds(self) -> float:
        """Seconds that processors have worked for its workers."""
        times = (Path(f"/proc/{pid}/stat").read_text().rpartition(") ")[2].split() for pid in self.workers())
        return sum(int(each[11]) + int(each[12]) for each in times) / os.sysconf("SC_CLK_TCK")


_POSTS = Path(__file__).with_name("posts.lua")


def posted_by_wrk(
    server: Server,
    clients: list[Client],
    path: str,
    fields: Mapping[str, str],
    seconds: int,
    connections: int,
) -> Load:
    """Post for so many seconds over so many connections by wrk (``make wrk``), whose work costs next to nothing.

    Args:
        clients: the people in whose sessions it posts.
        path: where to.
        fields: of the form, without the household's name and the record's id, which differ each time.
    """
    people = [(each.headers.get("Cookie", "=-").partition("=")[2], each.fields) for each in clients]
    environment = os.environ | {
        "TARGET": path,
        "BODY": urlencode(fields),
        "PEOPLE": ",".join(f"{session}:{own.get('csrf_token', '-')}" for session, own in people),
        "SEED": str(time.time_ns() % 2**31),
    }
    options = ["-t", "1", "-c", str(connections), "-d", str(seconds), "--timeout", "30", "-s", str(_POSTS)]
    used = server.processor_seconds()
    done = subprocess.run(  # noqa: S603 - our own command
        ["wrk", *options, f"http://{server.host}"],  # noqa: S607 - where the system has it
        env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    found = json.loads(done.stdout.rpartition("FOUND ")[2])
    if found["failed"] == found["requests"]:
        raise click.ClickException(f"every post failed:\n{done.stdout}")
    return Load(**found, processors=server.processor_seconds() - used)


def timed(clients: list[Client], work: Callable[[Client], None], number: int) -> Times:
    """So many requests, shared between the clients at once; a few first that are not counted."""
    share = number // len(clients)

    def run(client: Client, count: int) -> list[float]:
        taken = []
        for _ in range(count):
            started = time.perf_counter()
            work(client)
            taken.append(time.perf_counter() - started)
        return taken

    for client in clients:
        client.connection.close()  # it opens anew: gunicorn has closed those that were idle
    with ThreadPoolExecutor(len(clients)) as threads:
        list(threads.map(lambda client: run(client, 5), clients))
        started = time.perf_counter()
        each = list(threads.map(lambda client: run(client, share), clients))
    return Times([one for taken in each for one in taken], time.perf_counter() - started)


@contextmanager
def running_huitoukan(
    campaign: Campaign, home: Path, prepare: Callable[[Engine], None] = lambda _engine: None
) -> Iterator[tuple[Server, Engine]]:
    """The real server over a new home."""
    settings = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(CHECKLIST), "PYTHONUNBUFFERED": "1"}
    config = Config.from_environment(settings)
    home.mkdir()
    engine = make_engine(config.database, config.audit_key())
    migrate(engine)
    prepare(engine)
    command = [sys.executable, "-m", "forms_server", "serve", "--port", "0", "--workers", str(WORKERS)]
    try:
        with running(command, {**os.environ, **settings}) as server:
            yield server, engine
    finally:
        engine.dispose()


@contextmanager
def running(command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    """A process that tells its address; it is ended by its id at the end of the block."""
    with tempfile.TemporaryFile("w+") as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, env=environment, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT, text=True
        )
        try:
            yield Server(_host(process, log), process)
        finally:
            process.terminate()
            process.wait(60)


def _host(process: "subprocess.Popen[str]", log: Any) -> str:
    """Where the process listens, as soon as it says so and answers there."""
    for _ in range(600):
        log.seek(0)
        said = log.read()
        if found := re.search(r"http://(127\.0\.0\.1:\d+)", said):
            return found[1]
        if process.poll() is not None:
            raise click.ClickException(f"the server ended: {said}")
        time.sleep(0.1)
    raise click.ClickException("the server did not start within a minute")


def signed_in(campaign: Campaign, engine: Engine, server: Server, role: Role = Role.REPORTER) -> list[Client]:
    """So many people, each with an account and a session of an own."""
    now = Clock().now()
    unit = campaign.units.office if role is Role.OFFICE else campaign.units.townships[0]
    found = []
    for number in range(CLIENTS):
        with transaction(engine) as connection:
            new = account_store.NewAccount(f"{role.value}{number}", unit.code, role, display_name="某某")
            account = account_store.add(connection, now, None, new, "-", must_change_password=False)
            token = sessions.start(connection, now, account, timedelta(days=2), "benchmark")
            [csrf] = connection.execute(
                text("SELECT csrf_token FROM session WHERE account_id = :id"), {"id": account}
            ).one()
        found.append(open_client(server.host, {"Cookie": f"huitoukan={token}"}, {"csrf_token": csrf}))
    return found


def open_client(host: str, headers: dict[str, str], fields: dict[str, str]) -> Client:
    """A client of the server that listens there, whose requests carry the headers and whose forms the fields."""
    return Client(http.client.HTTPConnection(host, timeout=120), headers, fields)


def memory_of(server: Server) -> dict[str, float]:
    """Largest worker's memory in MB: RSS and PSS."""
    found = {"RSS": 0.0, "PSS": 0.0}
    for pid in server.workers():
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        sizes = {line.split(":")[0].upper(): int(line.split()[1]) / 1024 for line in lines[1:]}
        found = {name: max(most, sizes[name]) for name, most in found.items()}
    return found
