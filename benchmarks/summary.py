"""Benchmark of the summary: a county's million issues in its database, a nation's in Parquet files.

Run from the project's root: ``.venv/bin/python -m benchmarks.summary``, or with ``--help`` for smaller runs.
Every record is made from its number and a seed, by DuckDB, so that each run counts the same ones.
"""

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import click
import duckdb
import pysqlite3
from sqlalchemy import create_engine

from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from checklist.model import Campaign
from forms_server.db.tables import issue, metadata

SEED = 20220809
ROUNDS = 3
ENOUGH = 60
"""Seconds: a task that has taken so long in all isn't run again, so that the whole ends within a coffee break."""
CHECKLIST = PROJECT / "checklist" / "2022-huitoukan"
MILLION = 1_000_000

BARE = (
    "SELECT unit_code, problem_type_id, state, COUNT(*) FROM issue GROUP BY unit_code, problem_type_id, state"
)

COUNTED_BY = ["campaign_id", "unit_code", "problem_type_id", "state"]

COLUMNS = (
    "id", "campaign_id", "form_id", "form_version", "unit_code", "problem_type_id", "state", "version", "extra",
    "created_by", "created_at", "changed_at", "area_id",
)  # fmt: skip


class Took(NamedTuple):
    """Seconds by the clock, and of processors, which other work on the machine lengthens less."""

    clock: float
    processors: float

    def __str__(self) -> str:
        return f"{self.clock:6.2f} s, of processors {self.processors:6.2f} s"


@click.command()
@click.option("--issues", default=1, show_default=True, help="Issues in the database, in millions.")
@click.option(
    "--duckdb", "for_duckdb", default="1,10,50", show_default=True, help="Rows of Parquet, in millions."
)
@click.option("--spark", "for_spark", default="1,10", show_default=True, help="The same for Spark.")
def main(issues: int, for_duckdb: str, for_spark: str) -> None:
    """Print what each takes, the best of three where that is not long, and how it grows."""
    campaign = load_campaign(CHECKLIST)
    click.echo(f"load average before: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    with tempfile.TemporaryDirectory() as scratch:
        _database(campaign, Path(scratch), issues)
        made: dict[int, Path] = {}
        for engine, sizes in (("duckdb", for_duckdb), ("spark", for_spark)):
            taken = []
            for size in map(int, filter(None, sizes.split(","))):
                if size not in made:
                    made[size] = _parquet(campaign, Path(scratch) / f"{size}", size * MILLION)
                took = _best(
                    lambda size=size, engine=engine: _summarise(str(made[size] / "*.parquet"), engine)
                )
                taken.append((size, took))
                said = took if engine == "duckdb" else f"{took.clock:6.2f} s"
                click.echo(f"{engine} over Parquet, {size:>3} million issues, whole process: {said}")
            for (less, before), (more, after) in pairwise(taken):
                click.echo(f"  {more / less:.0f} times the rows took {_growth(engine, before, after)}")


def _growth(engine: str, before: Took, after: Took) -> str:
    """Growth of wall-clock and CPU time; the CPU time of Spark's JVM is unknown, since it is no waited-for child."""
    clock = f"{after.clock / before.clock:.1f} times as long"
    return clock + (
        f", of processors {after.processors / before.processors:.1f} times" if engine == "duckdb" else ""
    )


def _database(campaign: Campaign, folder: Path, issues: int) -> None:
    """The embedded database: the whole process beside the engine's own GROUP BY."""
    path = folder / "huitoukan.sqlite3"
    _fill(campaign, path, issues * MILLION)
    bare = _best(lambda: _bare(path))
    whole = _best(lambda: _summarise(f"sqlite:///{path}", "database"))
    click.echo(f"SQLite, {issues} million issues, its own bare GROUP BY:        {bare}")
    click.echo(f"SQLite, {issues} million issues, summary, whole process:      {whole}")
    click.echo(
        f"  that is {whole.clock - bare.clock:.2f} s more, of processors {whole.processors - bare.processors:.2f} s,"
        f" for annex 2 of {len(campaign.filing_units)} units and the county"
    )


def _best(task: Callable[[], None]) -> Took:
    """The shortest of three runs: the machine's other work only ever adds to it."""
    runs: list[Took] = []
    while len(runs) < ROUNDS and sum(run.clock for run in runs) < ENOUGH:
        started, used = time.perf_counter(), _processors()
        task()
        runs.append(Took(time.perf_counter() - started, _processors() - used))
    return Took(min(run.clock for run in runs), min(run.processors for run in runs))


def _processors() -> float:
    """What this process and those that it waited for have used."""
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def _bare(path: Path) -> None:
    connection = pysqlite3.connect(path)
    connection.execute(BARE).fetchall()
    connection.close()


def _summarise(source: str, engine: str) -> None:
    """The command as people run it, from its start to all files written."""
    with tempfile.TemporaryDirectory() as home:
        command = [
            sys.executable,
            "-m",
            "forms_server",
            "summary",
            "--interim",
            "--source",
            source,
            "--engine",
            engine,
        ]
        environment = {**os.environ, "HUITOUKAN_HOME": home, "HUITOUKAN_CHECKLIST": str(CHECKLIST)}
        subprocess.run(command, env=environment, check=True, capture_output=True)  # noqa: S603 - our own command


def _made_up(campaign: Campaign, rows: int) -> str:
    """A query that makes up issues: each from its number and the seed."""
    units = [unit.code for unit in campaign.filing_units]
    problem_types = [problem_type.id for problem_type in campaign.problem_types]
    states = ["rectifying", "rectified", "rectified", "closed", "withdrawn"]
    # DuckDB's own lists; nothing comes from outside.
    return f"""
        SELECT
            lpad(i::VARCHAR, 36, '0') AS id, '{campaign.id}' AS campaign_id, 'annex-1-1' AS form_id,
            1 AS form_version, {units}[1 + (hash(i + {SEED}) % {len(units)})::INT] AS unit_code,
            {problem_types}[1 + (hash(i + {SEED + 1}) % {len(problem_types)})::INT] AS problem_type_id,
            {states}[1 + (hash(i + {SEED + 2}) % {len(states)})::INT] AS state,
            1 AS version, '{{}}' AS extra, 'x' AS created_by,
            '2022-08-' || (10 + hash(i) % 20) || ' 09:00:00.000000' AS created_at,
            '2022-08-31 09:00:00.000000' AS changed_at, 'area' AS area_id
        FROM range({rows}) AS numbers(i)
    """  # noqa: S608


def _fill(campaign: Campaign, path: Path, rows: int) -> None:
    """The server's own tables, with made-up issues, and the index that they are counted by."""
    engine = create_engine(f"sqlite:///{path}", module=pysqlite3)
    metadata.create_all(engine)
    for index in issue.indexes:
        index.drop(engine)
    places = ", ".join("?" for _ in COLUMNS)
    insert = f"INSERT INTO issue ({', '.join(COLUMNS)}) VALUES ({places})"  # noqa: S608 - names of ours
    with duckdb.connect() as maker, pysqlite3.connect(path) as connection:
        made = maker.execute(f"SELECT {', '.join(COLUMNS)} FROM ({_made_up(campaign, rows)})")  # noqa: S608
        while lines := made.fetchmany(100_000):
            connection.executemany(insert, lines)
    for index in issue.indexes:
        if [column.name for column in index.columns] == COUNTED_BY:
            index.create(engine)
    engine.dispose()


def _parquet(campaign: Campaign, folder: Path, rows: int) -> Path:
    """The same issues as a county exports them, in files of ten million; no households, no zero reports."""
    folder.mkdir()
    columns = "id, campaign_id, unit_code, problem_type_id, state"
    with duckdb.connect() as maker:
        maker.execute(
            f"COPY (SELECT {columns} FROM ({_made_up(campaign, rows)})) TO '{folder}/issue.parquet'"  # noqa: S608
        )
        maker.execute(
            "COPY (SELECT 'x' AS id, 'x' AS campaign_id, 'x' AS unit_code, 'x' AS problem_type_id, 'x' AS state,"
            f" 1 AS people WHERE FALSE) TO '{folder}/proposed_household.parquet'"
        )
        maker.execute(
            "COPY (SELECT 'x' AS campaign_id, 'x' AS unit_code, 'x' AS problem_type_id WHERE FALSE)"
            f" TO '{folder}/zero_report.parquet'"
        )
    return folder


if __name__ == "__main__":
    main()
