"""The benchmarks still run: a figure is only measured anew by a program that works."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from benchmarks.campaign import Campaigner
from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("benchmarks/ledger_import.py", "300"), "import / python-calamine, bare"),
        (("-m", "benchmarks.server", "--submissions", "8", "--issues", "20", "--pages", "2"), "submissions"),
    ],
    ids=["import", "server"],
)
def test_it_runs(arguments: tuple[str, ...], says: str) -> None:
    done = subprocess.run(
        [sys.executable, *arguments], cwd=PROJECT, capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert says in done.stdout


def test_the_campaign_of_the_pages_is_made(tmp_path: Path) -> None:
    campaign = load_campaign(PROJECT / "checklist" / "2022-huitoukan")
    engine = make_engine(f"sqlite:///{tmp_path / 'campaign.sqlite3'}", bytes(32))
    migrate(engine)
    with transaction(engine) as connection:
        Campaigner(connection, campaign, campaign.notice.deadline.at).fill(0.002)
        assert connection.execute(select(func.count()).select_from(tables.issue)).scalar_one() == 120
