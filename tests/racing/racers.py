"""Work of processes that race on one database; each has its own engine, as workers have."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any

from sqlalchemy import Engine, insert

from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.desk import Desk
from forms_server.records import record_rows, record_store
from forms_server.records.record import EditConflict
from tests.builders import small_campaign
from tests.records.builders import ACCOUNTS, AUDIT_KEY, MORNING, NOON, form_of, household_issue, record_id
from tests.records.conftest import account_row

PROCESSES = 2
THREADS = 10
PATIENCE = 120
"""Seconds that a racer waits for its turn: what is tested is who wins, on however busy a machine."""
_spawn = get_context("spawn")


def prepare(url: str) -> Engine:
    """The tables, and the accounts of ``ACCOUNTS``."""
    engine = make_engine(url, AUDIT_KEY)
    migrate(engine)
    with transaction(engine, patience=PATIENCE) as connection:
        connection.execute(insert(tables.account), [account_row(account) for account in ACCOUNTS.values()])
    return engine


def race(work: Callable[..., None], url: str, *arguments: Any) -> list[Any]:
    """Run ``work`` in ``PROCESSES`` processes at once; what each put into its queue, in the order of their numbers."""
    barrier, queue = _spawn.Barrier(PROCESSES), _spawn.Queue()
    racers = [
        _spawn.Process(target=_run, args=(work, number, url, barrier, queue, arguments))
        for number in range(PROCESSES)
    ]
    for racer in racers:
        racer.start()
    found = dict(queue.get(timeout=300) for _ in racers)
    for racer in racers:
        racer.join(60)
    return [found[number] for number in range(PROCESSES)]


def _run(work: Callable[..., Any], number: int, url: str, barrier: Any, queue: Any, arguments: Any) -> None:
    engine = make_engine(url, AUDIT_KEY)
    try:
        queue.put((number, work(number, engine, barrier, *arguments)))
    except BaseException as error:
        barrier.abort()
        queue.put((number, error))
        raise
    finally:
        engine.dispose()


def edit(number: int, engine: Engine, barrier: Any, rounds: int) -> list[str]:
    """Edit the same version as the other process, round after round: ``saved`` or what the conflict showed."""
    campaign = small_campaign()
    with engine.connect() as connection:
        desk = Desk(connection, campaign, ACCOUNTS["east"], NOON)
        seen = record_rows.get(desk, form_of(campaign, "household-issues"), record_id(1))
    outcomes: list[str] = []
    for turn in range(rounds):
        values = {**seen.values, "content": f"第{turn}轮，第{number}人"}
        barrier.wait(60)
        try:
            with transaction(engine, patience=PATIENCE) as connection:
                at = Desk(connection, campaign, ACCOUNTS["east"], NOON)
                seen = record_store.edit(at, seen, seen.version, values)
            outcomes.append("saved")
        except EditConflict as conflict:
            seen = conflict.current
            outcomes.append(str(seen.values["content"]))
    return outcomes


def submit(number: int, engine: Engine, barrier: Any, submissions: int, times: int) -> list[int]:
    """Send every submission ``times`` times from threads at once; the versions that came back."""
    campaign = small_campaign()

    def send(which: int) -> int:
        with transaction(engine, patience=PATIENCE) as connection:
            desk = Desk(connection, campaign, ACCOUNTS["east"], MORNING)
            return record_store.create(desk, household_issue(campaign, which, content=f"第{which}条")).version

    barrier.wait(60)
    with ThreadPoolExecutor(THREADS) as threads:
        return list(threads.map(send, [which for which in range(submissions) for _ in range(times)]))
