"""Benchmark of import and export of a large ledger, against their libraries with the bare values.

    .venv/bin/python benchmarks/ledger_import.py [ROWS]

Reads, checks and stores a workbook of 100,000 rows by 12 columns, and reads the same file with python-calamine alone;
then writes it out as a styled workbook, and the same values with XlsxWriter in constant-memory mode. Every measurement
runs in a process of its own, in turn, three times; the fastest counts, since all else is other people's work.
"""

import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
ROUNDS = 3
GOALS = {"import": 2.5, "export": 1.2, "memory": 600}
NOW = datetime(2022, 8, 25, 9)  # noqa: DTZ001 - wall-clock time, as everywhere here

HEADER = [
    "序号", "镇", "村", "户主姓名", "户类型", "问题类型",
    "具体内容", "整改措施", "责任人", "责任单位", "整改时限", "整改成效",
]  # fmt: skip


def rows(count: int, wrong: bool = False) -> list[list[object]]:
    """The cells of a large ledger of one township; with ``wrong``, one cell in every row is refused."""
    from checklist.loading.loader import load_campaign

    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    unit = max(campaign.units.townships, key=lambda unit: len(unit.villages))
    # The same numbers in every run.
    chance = random.Random(2022)  # noqa: S311
    villages = [village.name for village in unit.villages]
    kinds = [kind.name for kind in campaign.problem_types]
    deadlines = ["2022.8.25", "8月底前", "立行立改", "2022年9月10日", "2022/8/28", "长期坚持", "8月31日前"]
    found = []
    for number in range(1, count + 1):
        content = f"西屋山墙有裂缝约{number % 7 + 1}厘米，没有鉴定，户主反映雨天渗水，编号{number}。"
        measures = f"请县住建局来鉴定，再按鉴定结论定修缮方案，{number % 9000}号包户干部跟踪。"
        deadline = "2022.2.30" if wrong else chance.choice(deadlines)
        outcome = chance.choice(["", "正在整改", "已整改，户主签字确认", "已完成"])
        kind = chance.choice(["脱贫户", "边缘易致贫户", "一般农户", "脱贫不稳定户"])
        who = f"王某{number % 400}", chance.choice(["县住建局", "县水利局", unit.name])
        # Each of another household, so that no row asks whether it is the same problem as another.
        household = number, unit.name, villages[number % len(villages)], f"张某{number}", kind
        found.append([*household, kinds[number % len(kinds)], content, measures, *who, deadline, outcome])
    return found


def write_bare(count: int, folder: Path) -> None:
    """XlsxWriter, values only."""
    import xlsxwriter

    found = [HEADER, *rows(count)]
    with _timed():
        book = xlsxwriter.Workbook(str(folder / "bare.xlsx"), {"constant_memory": True})
        sheet = book.add_worksheet()
        for number, cells in enumerate(found):
            sheet.write_row(number, 0, cells)
        book.close()


def make_file(count: int, folder: Path, wrong: bool = False) -> None:
    """The file that is read."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(folder / ("wrong.xlsx" if wrong else "ledger.xlsx")))
    sheet = book.add_worksheet("户内")
    for number, cells in enumerate([HEADER, *rows(count, wrong)]):
        sheet.write_row(number, 0, cells)
    book.close()


def read_bare(count: int, folder: Path) -> None:
    """python-calamine alone."""
    from python_calamine import load_workbook

    with _timed():
        found = load_workbook(str(folder / "ledger.xlsx")).get_sheet_by_index(0).to_python()
    assert len(found) == count + 1


def read_ledger(count: int, folder: Path, name: str = "ledger.xlsx") -> None:
    """Read, checked and stored; where every row is wrong, read and checked."""
    from sqlalchemy import insert

    from checklist.loading.loader import load_campaign
    from checklist.values.judge import Context
    from forms_server.account import Account, Role
    from forms_server.db import tables
    from forms_server.db.engine import make_engine, transaction
    from forms_server.db.migrate import migrate
    from forms_server.imports.import_storage import store
    from forms_server.imports.importer import Importer
    from forms_server.imports.ledger_import import plan_import, read_ledgers

    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    unit = max(campaign.units.townships, key=lambda unit: len(unit.villages))
    account = Account("a", "a", "李某", unit.code, None, Role.REPORTER, must_change_password=False)
    database = folder / f"{name}.sqlite3"
    database.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{database}", bytes(32))
    migrate(engine)
    with transaction(engine) as connection:
        columns = {"name": "a", "password_hash": "-", "created_at": NOW, "display_name": "李某"}
        own = {"id": "a", "unit_code": unit.code, "role": "reporter", "must_change_password": False}
        connection.execute(insert(tables.account).values(**columns, **own))
    data = (folder / name).read_bytes()
    with _timed():
        context = Context(campaign, unit, NOW.date())
        book = read_ledgers(data, context, account.shown_name)
        with transaction(engine) as connection:
            found = plan_import(connection, book, context, account)
            if not found.errors:
                store(found.plan, Importer(connection, campaign, unit, account, NOW))
    assert bool(found.errors) == (name != "ledger.xlsx")
    assert len(found.plan.new) == (0 if found.errors else count)


def insert_bare(count: int, folder: Path) -> None:
    """Baseline of the driver: bulk insert of the same rows into the same tables and indexes."""
    from sqlalchemy import text

    from forms_server.db import tables
    from forms_server.db.bulk_insert import insert_rows
    from forms_server.db.engine import make_engine, transaction
    from forms_server.db.migrate import migrate
    from forms_server.db.tally_triggers import pause

    kept = {}
    with make_engine(f"sqlite:///{folder / 'ledger.xlsx.sqlite3'}").connect() as connection:
        for table in ("account", "household", "issue", "audit"):
            found = connection.execute(text(f"SELECT * FROM {table} ORDER BY id"))  # noqa: S608 - names of our own
            names = [name for name in found.keys() if name != "due"]  # noqa: SIM118 - a result is no mapping
            at = [list(found.keys()).index(name) for name in names]
            kept[table] = names, [tuple(row[index] for index in at) for row in found]
    database = folder / "bare.sqlite3"
    database.unlink(missing_ok=True)
    engine = make_engine(f"sqlite:///{database}", bytes(32))
    migrate(engine)
    with _timed(), transaction(engine) as connection:
        connection.exec_driver_sql("PRAGMA cache_size = -65536")
        pause(connection)  # as an import does
        for table, (names, found) in kept.items():
            for start in range(0, len(found), 10_000):
                insert_rows(connection, tables.metadata.tables[table], names, found[start : start + 10_000])
    assert len(kept["issue"][1]) == count


def read_wrong(count: int, folder: Path) -> None:
    """Every row has an error."""
    read_ledger(count, folder, "wrong.xlsx")


def write_ledger(count: int, folder: Path) -> None:
    """The records of the database, styled."""
    from build_scripts.workbooks.xlsx_writer import to_xlsx
    from checklist.loading.loader import load_campaign
    from forms_server.db.engine import make_engine
    from forms_server.imports.ledger_exporting import export

    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    unit = max(campaign.units.townships, key=lambda unit: len(unit.villages))
    engine = make_engine(f"sqlite:///{folder / 'ledger.xlsx.sqlite3'}")
    with _timed(), engine.connect() as connection:
        (folder / "styled.xlsx").write_bytes(to_xlsx(export(connection, campaign, unit, None)))


MEASURED: dict[str, Callable[[int, Path], None]] = {
    "python-calamine, bare": read_bare,
    "import": read_ledger,
    "import, every row wrong": read_wrong,
    "inserts, bare": insert_bare,
    "XlsxWriter, bare": write_bare,
    "export": write_ledger,
}


class _timed:  # noqa: N801 - read as a verb
    """Prints what its block took: seconds, seconds of processors, megabytes of this process and its largest child."""

    def __enter__(self) -> None:
        self._start, self._used = time.perf_counter(), _processors()

    def __exit__(self, *_: object) -> None:
        seconds, used = time.perf_counter() - self._start, _processors() - self._used
        own, others = (
            resource.getrusage(who).ru_maxrss // 1024
            for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )
        print(json.dumps({"seconds": seconds, "processors": used, "own": own, "others": others}))  # noqa: T201 - its result


def _processors() -> float:
    """Seconds that processors have worked for this process and those it started and that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def measure(name: str, count: int, folder: Path) -> dict[str, float]:
    """One measurement, in a process of its own."""
    command = [sys.executable, __file__, str(count), name, str(folder)]
    result = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT)  # noqa: S603 - this file
    found: dict[str, float] = json.loads(result.stdout)
    return found


def main(count: int) -> None:
    """Measure everything and print a table."""
    say = print
    with tempfile.TemporaryDirectory() as folder:
        make_file(count, Path(folder))
        make_file(count, Path(folder), wrong=True)
        best: dict[str, dict[str, float]] = {}
        for _ in range(ROUNDS):
            for name in MEASURED:
                found = measure(name, count, Path(folder))
                if name not in best or found["seconds"] < best[name]["seconds"]:
                    best[name] = found
    for name, found in best.items():
        took = f"{found['seconds']:6.2f} s, of processors {found['processors']:6.2f} s"
        say(f"{name:26} {took}, {found['own']:4.0f} MB, its reading process {found['others']:4.0f} MB")
    _compare(best, say)


def _compare(best: dict[str, dict[str, float]], say: Callable[[str], None]) -> None:
    """Print each ratio to the bare library, in wall-clock and CPU time."""
    for name, bare, goal in (
        ("import", "python-calamine, bare", GOALS["import"]),
        ("inserts, bare", "python-calamine, bare", GOALS["import"]),
        ("import, every row wrong", "python-calamine, bare", GOALS["import"]),
        ("export", "XlsxWriter, bare", GOALS["export"]),
    ):
        by_clock, by_work = (best[name][unit] / best[bare][unit] for unit in ("seconds", "processors"))
        say(f"{name} / {bare}: {by_clock:.2f} by the clock, {by_work:.2f} by work (goal {goal})")
    peak = best["import"]["own"] + best["import"]["others"]
    say(f"peak memory of the import: {peak:.0f} MB (goal {GOALS['memory']})")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        MEASURED[sys.argv[2]](int(sys.argv[1]), Path(sys.argv[3]))
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
