"""The database of the rules reaches nothing but what it is given, and no longer than it may."""

import multiprocessing
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from build_scripts.rules.locked_database import LockedDatabase, RuleLimits, RulesFailed


@pytest.fixture
def database() -> Iterator[LockedDatabase]:
    made = LockedDatabase(RuleLimits(memory="200MB", seconds=0.5))
    yield made
    made.close()


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM glob('/etc/*')",
        "ATTACH '{folder}/x.db'",
        "COPY (SELECT 1) TO '{folder}/x.csv'",
        "EXPORT DATABASE '{folder}/x'",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SET enable_external_access = true",
        "SET memory_limit = '10GB'",
        "SET threads = 8",
        "SELECT getenv('HOME')",
        "SELECT * FROM folder",
    ],
)
def test_it_reaches_no_file_network_or_setting(
    database: LockedDatabase, tmp_path: Path, statement: str
) -> None:
    folder = tmp_path
    with pytest.raises(RulesFailed):
        database.run(statement.format(folder=folder))
    assert list(tmp_path.iterdir()) == []


def test_it_stops_after_its_time(database: LockedDatabase) -> None:
    with pytest.raises(RulesFailed, match="Interrupt"):
        database.run("SELECT sum(a.range * b.range) FROM range(10000000) a, range(10000000) b")
    assert database.run("SELECT 1") == [(1,)]


def test_it_stops_at_its_memory() -> None:
    database = LockedDatabase(RuleLimits(memory="100MB", seconds=60))
    with pytest.raises(RulesFailed, match="Memory|memory"):
        database.run("SELECT list(range) FROM range(100000000)")
    database.close()


def test_a_process_that_forked_opens_its_own(database: LockedDatabase) -> None:
    assert database.run_prepared("SELECT CAST($1 AS VARCHAR)", ["a'b"]) == [("a'b",)]
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    child = context.Process(
        target=lambda: answers.put(database.run_prepared("SELECT CAST($1 AS VARCHAR)", ["c"]))
    )
    child.start()
    assert answers.get(timeout=30) == [("c",)]
    child.join(30)
    assert child.exitcode == 0


def test_prepared_statements_are_kept_and_let_go(database: LockedDatabase) -> None:
    for number in range(230):
        assert database.run_prepared(f"SELECT {number % 130} + CAST($1 AS INTEGER)", ["1"]) == [
            (number % 130 + 1,)
        ]


def test_a_program_that_ends_says_nothing() -> None:
    code = "from build_scripts.rules.locked_database import RULES_DATABASE as it; it.run('SELECT 1'); it.run_prepared('SELECT $1', ['1'])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == ""
