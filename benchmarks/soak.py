"""Soak test of the form server: people who read and file for half an hour, as on the last day of a campaign.

``make soak``, or ``python -m benchmarks.soak --minutes 3``. Everybody has an account and a session; between two
requests he thinks for a few seconds. Fails where the 95th percentile is over a second, where anything is refused, fails
or has no answer, where an acknowledged record is missing, or where the audit is not whole.
"""

import http.client
import random
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles
from urllib.parse import urlencode
from uuid import uuid4

import click
from sqlalchemy import Connection, Engine, select, text

from benchmarks.load_generator import CHECKLIST, Server, memory_of, running_huitoukan
from benchmarks.server import TYPED
from build_scripts.progress import silent
from checklist.loading.loader import load_campaign
from checklist.model import Campaign, Unit
from forms_server.account import Role
from forms_server.accounts import account_store, sessions
from forms_server.audit import read_head, read_rows
from forms_server.audit_chain import first_fault
from forms_server.clock import Clock
from forms_server.db import tables
from forms_server.db.engine import audit_key, snapshot, transaction
from forms_server.record_verification import record_faults

GOAL = 1.0
"""Seconds, the 95th percentile of each kind of request."""

_LEDGER = "/records/annex-1-1/"
_READING = {"/": 20, _LEDGER: 30, f"{_LEDGER}?state=rectified": 5, "/visits/": 10, "/zero/": 5}
_OF_OFFICE = {
    "/": 20,
    _LEDGER: 30,
    f"{_LEDGER}?overdue=1&sort=due": 10,
    "/returns/": 15,
    "/reconciliation/": 5,
}
_FILING = 15
"""Of a hundred requests of a reporter."""


@dataclass
class Person:
    """Somebody at work, and what he saw."""

    host: str
    token: str
    csrf: str
    village: str
    """Where he files; empty for the office."""
    chance: random.Random
    times: list[tuple[str, float]] = field(default_factory=list)
    answers: Counter[int] = field(default_factory=Counter)
    """By status; 0 for none."""
    filed: list[str] = field(default_factory=list)

    def work(self, until: float, pause: float) -> None:
        """Read and file until the time is over."""
        time.sleep(self.chance.uniform(0, pause))
        while time.monotonic() < until:
            if self.village and self.chance.uniform(0, 100) < _FILING:
                self._file()
            else:
                pages = _READING if self.village else _OF_OFFICE
                path = self.chance.choices([*pages], [*pages.values()])[0]
                self._ask(path.partition("?")[0], "GET", path)
            time.sleep(self.chance.uniform(0.5, 1.5) * pause)

    def _file(self) -> None:
        record_id = str(uuid4())
        names = {
            "householder": f"张{_syllable(self.chance)}{_syllable(self.chance)}",
            "village": self.village,
        }
        body = urlencode({"csrf_token": self.csrf, "record-id": record_id, **TYPED, **names})
        if self._ask("file", "POST", f"{_LEDGER}new", body) == http.client.SEE_OTHER:
            self.filed.append(record_id)

    def _ask(self, kind: str, method: str, path: str, body: str | None = None) -> int:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        headers = {"Cookie": f"huitoukan={self.token}"}
        headers |= {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        began = time.perf_counter()
        try:
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            connection.close()
        self.times.append((kind, time.perf_counter() - began))
        self.answers[status] += 1
        return status


def _syllable(chance: random.Random) -> str:
    return chr(0x4E00 + chance.randrange(20_000))


@click.command()
@click.option("--users", default=100, show_default=True)
@click.option("--minutes", default=30.0, show_default=True)
@click.option(
    "--pause", default=8.0, show_default=True, help="Mean seconds between two requests of a person."
)
def main(users: int, minutes: float, pause: float) -> None:
    """Print what people saw, and fail where a goal is missed."""
    campaign = load_campaign(CHECKLIST)
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_huitoukan(campaign, Path(scratch) / "home") as (server, engine),
    ):
        people = _people(campaign, engine, server, users)
        before = memory_of(server)["PSS"]
        until = time.monotonic() + 60 * minutes
        with ThreadPoolExecutor(users) as threads:
            for done in [threads.submit(each.work, until, pause) for each in people]:
                done.result()
        click.echo(f"a worker's memory: {before:.0f} MB before, {memory_of(server)['PSS']:.0f} MB after")
        wrong = [*_told(people, 60 * minutes), *_lost(engine, people)]
    for each in wrong:
        click.echo(f"MISSED: {each}", err=True)
    if wrong:
        raise click.exceptions.Exit(1)


def _people(campaign: Campaign, engine: Engine, server: Server, users: int) -> list[Person]:
    """Reporters of all townships in turn, and one in ten of the office."""
    found = []
    places = islice(cycle(campaign.units.townships), users)
    for number, township in enumerate(places):
        with transaction(engine) as connection:
            found.append(_person(connection, campaign, server, number, township))
    return found


def _person(
    connection: Connection, campaign: Campaign, server: Server, number: int, township: Unit
) -> Person:
    now = Clock().now()
    office = number % 10 == 9
    unit, role = (campaign.units.office.code, Role.OFFICE) if office else (township.code, Role.REPORTER)
    new = account_store.NewAccount(f"soak{number}", unit, role, display_name="某某")
    account = account_store.add(connection, now, None, new, "-", must_change_password=False)
    token = sessions.start(connection, now, account, timedelta(days=2), "soak")
    csrf = connection.execute(
        text("SELECT csrf_token FROM session WHERE account_id = :id"), {"id": account}
    ).scalar_one()
    village = "" if office else township.villages[number % len(township.villages)].code
    return Person(server.host, token, csrf, village, random.Random(number))  # noqa: S311 - no secret


def _told(people: list[Person], seconds: float) -> list[str]:
    """Print times and answers; what misses a goal."""
    wrong, by_kind = [], dict[str, list[float]]()
    for kind, taken in (each for person in people for each in person.times):
        by_kind.setdefault(kind, []).append(taken)
    answers = sum((person.answers for person in people), Counter[int]())
    requests = answers.total()
    click.echo(
        f"{len(people)} people, {requests} requests in {seconds:.0f} s, answers {dict(sorted(answers.items()))}"
    )
    for kind, times in sorted(by_kind.items()):
        centiles = quantiles(times, n=100) if len(times) > 1 else times * 99
        click.echo(
            f"{kind:<24} {len(times):>6} times, median {centiles[49] * 1000:6.0f} ms,"
            f" p95 {centiles[94] * 1000:6.0f} ms, longest {max(times) * 1000:6.0f} ms"
        )
        if centiles[94] > GOAL:
            wrong.append(f"p95 of {kind} is {centiles[94]:.2f} s, over {GOAL} s")
    failed = sum(count for status, count in answers.items() if status == 0 or status >= 400)
    return [*wrong, *([f"{failed} requests were refused, failed or had no answer"] if failed else [])]


def _lost(engine: Engine, people: list[Person]) -> list[str]:
    """What was acknowledged and is not there, and whether the audit is whole."""
    acknowledged = {each for person in people for each in person.filed}
    with snapshot(engine) as connection:
        lost = acknowledged - set(connection.execute(select(tables.issue.c.id)).scalars())
        broken = first_fault(audit_key(connection), read_head(connection), read_rows(connection))
        altered = sum(1 for _ in record_faults(connection, silent))
    click.echo(f"{len(acknowledged)} records acknowledged, {len(lost)} lost")
    checks = (
        (lost, f"{len(lost)} acknowledged records are not there"),
        (broken, f"the audit is broken: {broken}"),
        (altered, f"{altered} records differ from their audit rows"),
    )
    return [words for found, words in checks if found]


if __name__ == "__main__":
    main()
