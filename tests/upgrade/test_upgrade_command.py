"""``huitoukan upgrade``: whole or not at all, whatever fails or is killed; servers read on meanwhile."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest
from sqlalchemy import Connection, create_engine, select, table, text

from build_scripts.home_campaign import campaign_in, write_files
from build_scripts.progress import silent
from build_scripts.settings import PROJECT, SHIPPED_CAMPAIGN
from checklist.loading.loader import load_campaign
from forms_server.backup.home_upgrade import upgrade_home
from forms_server.backup.scratch_restore import restore_to_scratch
from forms_server.backup.upgrade_checks import UpgradeFault
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import newest_version, upgrade
from forms_server.home_lock import serving, upgrading
from forms_server.server_settings import AUDIT_KEY, Config
from tests.campaigns.test_home_campaign import name_contact, run
from tests.postgres import new_database, postgres
from tests.server.conftest import app, client, now, reporter, signed_in
from tests.server.pages import token
from tests.server.records import HOUSEHOLD, ISSUE
from tests.upgrade.left_homes import Installation, left, left_on_postgresql
from tests.upgrade.making import CHECKLIST

__all__ = ["app", "client", "now", "postgres", "reporter", "signed_in"]

KEPT = Path(__file__).parent / "0.1.0"
OLD = "0007"


def content(installation: Installation) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    engine = create_engine(installation.database.replace("postgresql:", "postgresql+psycopg:"))
    with engine.connect() as connection:
        names = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        if engine.dialect.name == "postgresql":
            names = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        found = {
            name: sorted(map(tuple, connection.execute(select(text("*")).select_from(table(name)))), key=repr)
            for name in connection.execute(text(names)).scalars().all()
        }
    engine.dispose()
    return found


def version_of(installation: Installation) -> str:
    return str(content(installation)["alembic_version"][0][0])


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Installation]:
    """What 0.1.0 left."""
    if request.param == "sqlite":
        yield left(KEPT, tmp_path / "home")
    else:
        with new_database(request.getfixturevalue("postgres")) as url:
            yield left_on_postgresql(KEPT, tmp_path / "home", url)


KILLED = """
import os, signal, sys
from contextlib import contextmanager
from unittest.mock import patch
from sqlalchemy import Engine, event
from forms_server.commands import upgrade_command

label, statements = sys.argv[1], int(sys.argv[2])
armed = False

def count(*_more):
    global statements
    if armed:
        statements -= 1
        if statements <= 0:
            os.kill(os.getpid(), signal.SIGKILL)

def tell(what="", **_more):
    global armed
    armed = armed or what == label
    if armed and statements <= 0:
        os.kill(os.getpid(), signal.SIGKILL)

@contextmanager
def followed():
    yield tell

event.listen(Engine, "before_cursor_execute", count)
with patch.object(upgrade_command, "followed", followed):
    upgrade_command.upgrade.main([], standalone_mode=True)
"""

STEPS = [
    ("备份", 0), ("备份照片", 0), ("试恢复备份", 0), ("核验审计记录", 0), ("升级数据表", 0), ("升级数据表", 20),
    ("升级数据表", 40), ("升级数据表", 60), ("核对升级后的数据", 0), ("保存", 0), ("完成", 0),
]  # fmt: skip
"""Where the upgrade is killed: at a step, or so many statements after it."""


def killed(installation: Installation, label: str, statements: int) -> None:
    settings = {
        "HUITOUKAN_HOME": str(installation.home),
        "HUITOUKAN_CHECKLIST": str(CHECKLIST),
        "HUITOUKAN_DATABASE": installation.database,
    }
    command = [sys.executable, "-c", KILLED, label, str(statements)]
    done = subprocess.run(
        command, cwd=PROJECT, env={**os.environ, **settings}, capture_output=True, text=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def test_a_killed_upgrade_leaves_the_old_home_or_the_new_one_and_the_next_goes_on(
    old: Installation, tmp_path: Path
) -> None:
    before = content(old)
    steps = STEPS if old.database.startswith("sqlite") else STEPS[4:]
    for label, statements in steps:
        killed(old, label, statements)
        found = content(old)
        if label == "完成":
            assert found["alembic_version"] == [(newest_version(),)]
            assert found["issue"] != []
        else:
            assert found == before, (label, statements)
    assert "数据已经是本版本的" in old.run("upgrade")
    witness = f"{old.manifest['audit_rows']}-{old.manifest['audit_hash'][:16]}"
    assert "1 处见证相符" in old.run("audit", "verify", "--witness", witness)


def test_a_killed_upgrade_can_be_run_again(old: Installation) -> None:
    killed(old, "升级数据表", 60)
    said = old.run("upgrade")
    assert f"{OLD} → {newest_version()}" in said
    assert version_of(old) == newest_version()
    backups = sorted((old.home / "backups").glob("*.zip"))
    config = Config(CHECKLIST, old.home, old.database)
    assert restore_to_scratch(config, backups[-1], silent).manifest.revision == OLD


def test_a_migration_that_loses_something_is_undone(old: Installation) -> None:
    def losing(connection: Connection, *more: str) -> None:
        upgrade(connection, *more)
        connection.execute(text("DELETE FROM issue_unit"))
        connection.execute(text("UPDATE issue SET state = 'closed' WHERE state = 'rectifying'"))

    before = content(old)
    config = Config(CHECKLIST, old.home, old.database)
    engine = make_engine(old.database, (old.home / AUDIT_KEY).read_bytes())
    campaign = load_campaign(CHECKLIST)
    with (
        patch("forms_server.backup.home_upgrade.upgrade", losing),
        pytest.raises(UpgradeFault, match="按单位、问题类型、状态数的有"),
    ):
        upgrade_home(config, engine, campaign, campaign.notice.deadline.at, lambda *_what, **_more: None)
    engine.dispose()
    assert content(old) == before


def test_a_server_of_the_first_version_must_be_stopped(tmp_path: Path) -> None:
    old = left(KEPT, tmp_path / "home")
    with serving(old.home):
        refused = run(old.home, "upgrade")
    assert refused.exit_code == 1
    assert "服务还在运行" in refused.output
    assert version_of(old) == OLD


def test_a_campaign_that_this_version_cannot_read_stops_the_upgrade(tmp_path: Path) -> None:
    old = left(KEPT, tmp_path / "home")
    write_files(campaign_in(old.home), {"units.yml": b"townships: []\n"})
    refused = run(old.home, "upgrade")
    assert refused.exit_code == 1
    assert "清单有误" in refused.output
    assert version_of(old) == OLD


def test_edited_yaml_of_the_first_version_comes_along(tmp_path: Path) -> None:
    """The way of README.zh.md: the edited folder is set aside, adopted, upgraded and merged."""
    from build_scripts.home_campaign import released_campaigns

    old, edited = left(KEPT, tmp_path / "home"), tmp_path / "edited" / SHIPPED_CAMPAIGN.name
    write_files(edited, released_campaigns()["0.1.0"])
    name_contact(edited, "1234567")
    for arguments in (["campaign", "adopt", str(edited)], ["upgrade"], ["campaign", "merge"], ["check"]):
        done = run(old.home, *arguments)
        assert done.exit_code == 0, done.output
    assert load_campaign(campaign_in(old.home)).notice.contact.phone == "1234567"
    done = run(old.home, "summary", "--interim", "--out", str(tmp_path / "summary"))
    assert done.exit_code == 0, done.output
    (interim,) = (tmp_path / "summary").glob("summary-*.csv")
    counted = [line.split(",")[:7] for line in interim.read_text(encoding="utf-8-sig").splitlines()]
    assert counted == [
        line.split(",")[:7] for line in (KEPT / "summary.csv").read_text(encoding="utf-8-sig").splitlines()
    ]


def filing(person) -> dict[str, str]:  # type: ignore[no-untyped-def]
    return {
        **ISSUE, "csrf_token": token(person, "/password"), "record-id": str(uuid4()), "is-different": "yes",
    }  # fmt: skip


def test_a_server_reads_on_during_an_upgrade_and_keeps_what_was_typed(reporter, tmp_path) -> None:  # type: ignore[no-untyped-def]
    form = filing(reporter)
    with upgrading(tmp_path):
        for page in ("/", "/records/", HOUSEHOLD):
            assert reporter.get(page).status_code == 200
        answer = reporter.post(HOUSEHOLD, data=form)
        assert answer.status_code == 503
        assert ISSUE["content"] in answer.text
        assert "系统正在升级，现在只能查看" in answer.text
    assert reporter.post(HOUSEHOLD, data=form).status_code < 400


def test_a_server_of_the_old_version_does_not_write_to_the_new_tables(reporter, app) -> None:  # type: ignore[no-untyped-def]
    form, engine = filing(reporter), app.extensions["huitoukan"].engine
    with transaction(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert reporter.get("/records/").status_code == 200
    answer = reporter.post(HOUSEHOLD, data=form)
    assert answer.status_code == 503
    assert ISSUE["content"] in answer.text
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM issue")).scalar() == 0


def test_only_one_upgrade_runs(tmp_path: Path) -> None:
    old = left(KEPT, tmp_path / "home")
    with upgrading(old.home):
        refused = run(old.home, "upgrade")
    assert refused.exit_code == 1
    assert "另一个 huitoukan upgrade 正在运行" in refused.output
