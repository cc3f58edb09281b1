"""Benchmark of the form server: submissions, ledger pages, and a worker's memory.

Run from the project's root: ``.venv/bin/python -m benchmarks.server``, or with ``--help`` for smaller runs.
Submissions of annex 1-1 are sent over 8 and over 100 connections to the real server and, in turn, to the least that
could be done with the same form (``benchmarks/bare.py``): Flask, WTForms and one INSERT, with the same durable commits,
under the same gunicorn. wrk posts them (``make wrk``), since it costs next to nothing; without it, eight clients of our
own. Ledger pages are read from the real server over 1,000 and over 1,000,000 issues. Everything listens on 127.0.0.1
and ends with the run.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from shutil import which
from statistics import quantiles
from uuid import uuid4

import click
from sqlalchemy import Engine, text

from benchmarks.load_generator import (
    CHECKLIST,
    CLIENTS,
    WORKERS,
    Client,
    Load,
    Server,
    memory_of,
    open_client,
    posted_by_wrk,
    running,
    running_huitoukan,
    signed_in,
    timed,
)
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store
from forms_server.db.engine import transaction
from forms_server.web.wsgi_server import THREADS

ROUNDS = 3
MILLION = 1_000_000
NOW = datetime(2022, 8, 25, 9)  # noqa: DTZ001 - wall-clock time, as everywhere here
GOALS = {"submissions": 0.75, "p99": 100, "ledger": 1.5, "memory": 150}

TYPED = {
    "householder": "张某某",
    "household_type": "yiban",
    "problem_type": "housing",
    "content": "西屋山墙有裂缝，没有鉴定，户主反映雨天渗水。",
    "measures": "请县住建局来鉴定，再按鉴定结论定修缮方案。",
    "responsible_person": "王某某（村书记）",
    "responsible_unit": "县住建局",
    "deadline": "2022年8月30日",
    "people": "4",
    "source": "self",
    "found_by": "李某某",
}


@click.command()
@click.option("--seconds", default=8, show_default=True, help="Seconds of submissions in each round, by wrk.")
@click.option("--connections", default="8,100", show_default=True, help="Connections of wrk at once.")
@click.option(
    "--submissions", default=2000, show_default=True, help="Submissions in each round, without wrk."
)
@click.option("--issues", default="1000,1000000", show_default=True, help="Sizes of the ledger.")
@click.option("--pages", default=200, show_default=True, help="Pages read of each kind.")
def main(seconds: int, connections: str, submissions: int, issues: str, pages: int) -> None:
    """Print what it takes, beside its yardstick, and the goals."""
    campaign = load_campaign(CHECKLIST)
    with tempfile.TemporaryDirectory() as scratch:
        at_once = [int(number) for number in connections.split(",")]
        _submissions(campaign, Path(scratch), (seconds, submissions), at_once)
        _ledgers(campaign, Path(scratch), [int(size) for size in issues.split(",")], pages)


def _submissions(campaign: Campaign, scratch: Path, much: tuple[int, int], at_once: list[int]) -> None:
    """Submissions to both, in turn; the best round of each counts, since all else is other people's work."""
    village = campaign.units.townships[0].villages[0].code
    with (
        running_huitoukan(campaign, scratch / "home") as (real, engine),
        _bare(scratch / "bare.sqlite3") as least,
    ):
        strangers = [open_client(least.host, {}, {}) for _ in range(CLIENTS)]
        servers = {
            "huitoukan": (real, signed_in(campaign, engine, real), "/records/annex-1-1/new"),
            "bare": (least, strangers, "/new"),
        }
        for connections in at_once if which("wrk") else [CLIENTS]:
            found: dict[str, list[Load]] = {name: [] for name in servers}
            for _ in range(ROUNDS):
                for name, target in servers.items():
                    found[name].append(_post(*target, village, much, connections))
            _tell_submissions(found, connections)
        _tell_memory("after the submissions", memory_of(real))


def _post(
    server: Server, people: list[Client], path: str, village: str, much: tuple[int, int], connections: int
) -> Load:
    """Post for so many seconds by wrk; where it is not installed, so many times by clients of our own."""
    fields = {name: text for name, text in TYPED.items() if name != "householder"} | {"village": village}
    if which("wrk"):
        return posted_by_wrk(server, people, path, fields, much[0], connections)

    def send(client: Client) -> None:
        # Most households have one problem of a kind: each submission is of another one.
        names = {"householder": f"张{_syllable()}{_syllable()}", "record-id": str(uuid4())}
        client.post(path, 303, **fields, **names)

    used = server.processor_seconds()
    times = timed(people, send, much[1])
    each = [seconds * 1000 for seconds in times.each]
    centiles = quantiles(each, n=100)
    used = server.processor_seconds() - used
    return Load(len(each), times.whole, 0, centiles[49], centiles[94], centiles[98], used)


def _tell_submissions(found: dict[str, list[Load]], connections: int) -> None:
    best = {name: max(loads, key=lambda each: each.per_second) for name, loads in found.items()}
    least = {name: min(each.processors / each.requests for each in loads) for name, loads in found.items()}
    for name, load in best.items():
        click.echo(
            f"{name:<10} {connections} connections: {load.per_second:7.1f} submissions/s, {load.failed} failed; "
            f"median {load.median:6.1f} ms, p95 {load.p95:6.1f} ms, p99 {load.p99:6.1f} ms; "
            f"{least[name] * 1000:.2f} ms of processors each"
        )
    share = best["huitoukan"].per_second / best["bare"].per_second
    work = least["bare"] / least["huitoukan"]
    click.echo(
        f"  that is {share:.2f} of the bare application, {work:.2f} by processor time "
        f"(goal: at least {GOALS['submissions']}; p99 at most {GOALS['p99']} ms)"
    )


def _syllable() -> str:
    return chr(0x4E00 + uuid4().int % 20_000)


def _ledgers(campaign: Campaign, scratch: Path, sizes: list[int], number: int) -> None:
    """Pages of the ledger, over few and over many issues."""
    found: dict[str, list[float]] = {}
    for size in sizes:
        home = scratch / f"home-{size}"
        with running_huitoukan(campaign, home, lambda engine, size=size: _fill(engine, campaign, size)) as (
            real,
            engine,
        ):
            people = signed_in(campaign, engine, real, Role.OFFICE), signed_in(campaign, engine, real)
            for name, path, clients in _pages(engine, campaign, *people):
                times = timed(clients[:1], lambda client, path=path: client.get(path), number)
                found.setdefault(name, []).append(times.p95)
                click.echo(f"{size:>9,} issues, {name:<34} p95 {times.p95:6.1f} ms")
            _tell_memory(f"after the pages of {size:,} issues", memory_of(real))
    for name, times in found.items():
        click.echo(f"{name:<34} {times[-1] / times[0]:.2f} times (goal: at most {GOALS['ledger']})")


def _pages(
    engine: Engine, campaign: Campaign, office: list[Client], unit: list[Client]
) -> Iterator[tuple[str, str, list[Client]]]:
    """Pages that people open: their names, addresses and readers."""
    ledger = "/records/annex-1-1/"
    with engine.connect() as connection:
        number = connection.execute(text("SELECT count(*) FROM issue")).scalar_one()
        halfway = text("SELECT created_at, id FROM issue ORDER BY created_at, id LIMIT 1 OFFSET :number")
        place = connection.execute(halfway, {"number": number // 2}).one()
    middle = f"after={str(place.created_at).replace(' ', 'T')}_{place.id}"
    narrow = f"unit={campaign.units.townships[0].code}&state=rectified"
    yield "office, first page", ledger, office
    yield "office, page in the middle", f"{ledger}?{middle}", office
    yield "office, overdue by deadline", f"{ledger}?overdue=1&sort=due", office
    yield "office, rectified ones of a unit", f"{ledger}?{narrow}", office
    yield "unit, first page", ledger, unit
    yield "unit, rectified ones", f"{ledger}?state=rectified", unit


@contextmanager
def _bare(database: Path) -> Iterator[Server]:
    """The yardstick."""
    factory = f"benchmarks.bare:create_app({str(CHECKLIST)!r}, {str(database)!r})"
    options = [
        "-b",
        "127.0.0.1:0",
        "-w",
        str(WORKERS),
        "-k",
        "gthread",
        "--threads",
        str(THREADS),
        "--preload",
    ]
    command = [sys.executable, "-m", "gunicorn", *options, "--no-control-socket", factory]
    with running(command, dict(os.environ)) as server:
        yield server


def _fill(engine: Engine, campaign: Campaign, number: int) -> None:
    """So many issues of all units, types and states, spread over the days of the campaign."""
    units = [unit.code for unit in campaign.filing_units]
    townships = {unit.code: unit for unit in campaign.units.townships}
    kinds = [(kind.id, campaign.area_of_problem_type[kind.id].id) for kind in campaign.problem_types]
    states = ["rectifying", "rectified", "rectified", "closed", "withdrawn"]
    first = datetime(2022, 8, 9, 8)  # noqa: DTZ001
    rows = []
    statement = text(_INSERT)
    with transaction(engine) as connection:
        # Neighbours lie far apart in most of the ten indexes: SQLite's own 2 MB would be read anew for each row.
        connection.exec_driver_sql("PRAGMA cache_size = -1000000")
        new = account_store.NewAccount("filler", campaign.units.office.code, Role.OFFICE, display_name="某某")
        filler = account_store.add(connection, first, None, new, "-")
        for serial in range(number):
            mixed = serial * 2654435761 % 2**32  # spreads neighbours apart, alike in every run
            # Every second one of the first township, so that its pages are full among a thousand, too.
            code = units[mixed % len(units)] if mixed // 3 % 2 else campaign.units.townships[0].code
            villages = townships[code].villages if code in townships else campaign.units.townships[0].villages
            kind, area = kinds[mixed // 7 % len(kinds)]
            rows.append(
                {
                    "id": f"00000000-0000-4000-8000-{serial:012d}",
                    "campaign": campaign.id,
                    "unit": code,
                    "kind": kind,
                    "area": area,
                    "village": villages[mixed // 11 % len(villages)].code,
                    "householder": f"张某{mixed % 20000}",
                    "state": states[mixed // 13 % len(states)],
                    "by": filler,
                    "at": str(first + timedelta(seconds=serial * 1_500_000 / number)),
                    "deadline": str((first + timedelta(days=mixed // 17 % 40)).date()),
                }
            )
            if len(rows) == 10_000 or serial == number - 1:
                connection.execute(statement, rows)
                rows.clear()


_INSERT = """
INSERT INTO issue (id, campaign_id, form_id, form_version, unit_code, problem_type_id, area_id, village_code,
    householder, household_type, people, content, measures, responsible_person, responsible_unit, source, found_by,
    extra, state, version, created_by, created_at, changed_at, deadline, deadline_text)
VALUES (:id, :campaign, 'annex-1-1', 1, :unit, :kind, :area, :village, :householder, 'yiban', 4,
    '西屋山墙有裂缝，没有鉴定，户主反映雨天渗水。', '请县住建局来鉴定，再按鉴定结论定修缮方案。', '王某某', '县住建局',
    'self', '李某某', '{"deadline.kind": "date"}', :state, 1, :by, :at, :at, :deadline, :deadline)
"""


def _tell_memory(when: str, memory: dict[str, float]) -> None:
    said = ", ".join(f"{name} {megabytes:.0f} MB" for name, megabytes in memory.items())
    click.echo(f"a worker's memory {when}: {said} (goal: at most {GOALS['memory']} MB)")


if __name__ == "__main__":
    main()
