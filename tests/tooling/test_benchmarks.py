"""The benchmarks still run: a figure is only measured anew by a program that works."""

import subprocess
import sys
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.filled_cells import filled_cells
from benchmarks.finished_campaign import Campaigner
from benchmarks.ledger_import import MEASURED, make_file, measure
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate


def test_import_and_export_are_measured(tmp_path: Path) -> None:
    make_file(100, tmp_path)
    make_file(100, tmp_path, wrong=True)
    assert all(measure(name, 100, tmp_path)["seconds"] for name in MEASURED)


def test_the_server_is_measured() -> None:
    small = ("--seconds", "1", "--connections", "2", "--submissions", "8", "--issues", "20", "--pages", "2")
    command = [sys.executable, "-m", "benchmarks.server", *small]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "submissions/s" in done.stdout


def test_people_soak_the_server() -> None:
    command = [sys.executable, "-m", "benchmarks.soak", "--users", "10", "--minutes", "0.1", "--pause", "1"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300)
    assert "0 lost" in done.stdout, done.stderr[-2000:]
    assert "no answer" not in done.stderr  # times are those of a busy machine
    assert "audit" not in done.stderr


def test_the_campaign_of_the_pages_is_made(tmp_path: Path) -> None:
    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    engine = make_engine(f"sqlite:///{tmp_path / 'campaign.sqlite3'}", bytes(32))
    migrate(engine)
    with transaction(engine) as connection:
        Campaigner(connection, campaign, campaign.notice.deadline.at).fill(0.002)
        assert connection.execute(select(func.count()).select_from(tables.issue)).scalar_one() == 120


def test_the_second_month_of_workers_is_hardly_typed() -> None:
    registers = load_campaign(PROJECT / "checklist" / "2022-huitoukan").register_by_id
    work = filled_cells(registers["work"])
    assert work.next is not None
    assert work.next >= 0.9
    assert work.typed_next == 4
    assert filled_cells(registers["asset"]).next is None  # it has no periods
    assert filled_cells(registers["pv-income"]).typed_first == 8  # not its number, township, hours and sum
