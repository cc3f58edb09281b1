"""The driver of machines without pysqlite3 does what SQLAlchemy and this program ask of one."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from build_scripts import apsw_driver
from build_scripts.database_trouble import Trouble, trouble_of
from forms_server.db import engine as engines
from forms_server.db import tables
from forms_server.db.engine import SOUND_SQLITE, make_engine, require_sound_sqlite, transaction
from forms_server.db.migrate import migrate
from tests.builders import EAST
from tests.upgrade.left_homes import left
from tests.upgrade.making import CHECKLIST

KEPT = Path(__file__).parents[1] / "upgrade" / "0.1.0"


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    """An engine over the driver, with the tables in place."""
    monkeypatch.setattr(engines, "sqlite_library", apsw_driver)
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    made = make_engine(f"sqlite:///{tmp_path}/test.sqlite3", b"k" * 32)
    migrate(made)
    yield made
    made.dispose()


def test_its_sqlite_is_sound() -> None:
    require_sound_sqlite(apsw_driver)
    assert apsw_driver.sqlite_version_info >= SOUND_SQLITE


def test_durability_is_as_with_the_other_driver(database: Engine) -> None:
    with database.connect() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_rows_come_with_their_names_also_where_there_are_none(database: Engine) -> None:
    with database.connect() as connection:
        empty = connection.execute(text("SELECT 1 AS one, 'x' AS letter WHERE 1 = 0"))
        assert (list(empty.keys()), empty.all()) == (["one", "letter"], [])
        rows = connection.execute(text("VALUES (1), (2), (3)"))
        assert (rows.fetchone(), rows.fetchmany(1), rows.all()) == ((1,), [(2,)], [(3,)])


def test_changed_rows_are_counted_without_those_of_triggers(database: Engine) -> None:
    with transaction(database) as connection:
        connection.exec_driver_sql("CREATE TABLE a (x INTEGER)")
        connection.exec_driver_sql("CREATE TABLE b (x INTEGER)")
        connection.exec_driver_sql(
            "CREATE TRIGGER t AFTER UPDATE ON a BEGIN INSERT INTO b VALUES (1), (2), (3); END"
        )
        connection.exec_driver_sql("INSERT INTO a VALUES (?)", [(1,), (2,)])
        assert connection.exec_driver_sql("UPDATE a SET x = 5").rowcount == 2
        assert connection.exec_driver_sql("UPDATE a SET x = 6 WHERE x = 1").rowcount == 0
        assert connection.exec_driver_sql("DELETE FROM a").rowcount == 2


def test_a_failed_block_leaves_nothing(database: Engine) -> None:
    def fail() -> None:
        with transaction(database) as connection:
            connection.exec_driver_sql("CREATE TABLE a (x INTEGER)")
            connection.exec_driver_sql("SELECT y FROM a")

    with pytest.raises(OperationalError, match="no such column"):
        fail()
    with database.connect() as connection, pytest.raises(OperationalError, match="no such table"):
        connection.exec_driver_sql("SELECT * FROM a")


def test_a_statement_that_is_dropped_lets_go_of_its_lock(tmp_path: Path) -> None:
    one, other = (apsw_driver.connect(str(tmp_path / "a.sqlite3"), timeout=0) for _ in range(2))
    one.execute("CREATE TABLE a (x INTEGER)")
    one.execute("INSERT INTO a VALUES (1), (2)")
    one.execute("SELECT x FROM a").fetchone()
    other.execute("INSERT INTO a VALUES (3)")


def test_constraints_and_misuse_are_told_by_the_usual_classes(database: Engine) -> None:
    zero = {"campaign_id": "c", "unit_code": EAST, "problem_type_id": "x"}
    with pytest.raises(IntegrityError) as found, transaction(database) as connection:
        connection.execute(insert(tables.zero_report), zero)
    assert found.value.orig
    assert getattr(found.value.orig, "sqlite_errorname", "").startswith("SQLITE_CONSTRAINT")
    connection = apsw_driver.connect(":memory:")
    connection.close()
    with pytest.raises(apsw_driver.ProgrammingError, match="closed database"):
        connection.execute("SELECT 1")


def test_a_lock_a_damaged_file_and_a_missing_one_are_told_apart(database: Engine, tmp_path: Path) -> None:
    with closing(apsw_driver.connect(str(tmp_path / "test.sqlite3"))) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError) as found, transaction(database, patience=0.05):
            raise AssertionError("the other one has the lock")
        assert trouble_of(found.value) is Trouble.BUSY
    (tmp_path / "text.sqlite3").write_bytes(b"no database" * 500)
    broken = create_engine(f"sqlite:///{tmp_path}/text.sqlite3", module=apsw_driver)
    with pytest.raises(DatabaseError) as found_broken, broken.connect() as connection:
        connection.exec_driver_sql("SELECT * FROM sqlite_master")
    assert trouble_of(found_broken.value) is Trouble.BROKEN
    with pytest.raises(apsw_driver.OperationalError) as missing:
        apsw_driver.connect(f"file:{tmp_path}/none.sqlite3?mode=ro", uri=True)
    assert trouble_of(missing.value) is Trouble.CLOSED


def test_threads_take_turns(database: Engine) -> None:
    def write(number: int) -> None:
        for _ in range(20):
            with transaction(database, patience=30) as connection:
                connection.exec_driver_sql("INSERT INTO a VALUES (?)", (number,))

    with transaction(database) as connection:
        connection.exec_driver_sql("CREATE TABLE a (x INTEGER)")
    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    with database.connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM a").scalar() == 80


WITHOUT_PYSQLITE = "import sys; sys.modules['pysqlite3'] = None; from forms_server.cli import main; main()"


def test_the_commands_work_where_pysqlite3_is_not_installed(tmp_path: Path) -> None:
    home = left(KEPT, tmp_path / "home").home

    def run(*arguments: str) -> str:
        command = [sys.executable, "-c", WITHOUT_PYSQLITE, *arguments]
        settings = {"HUITOUKAN_HOME": str(home), "HUITOUKAN_CHECKLIST": str(CHECKLIST)}
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "条数和审计核对无误" in run("upgrade")
    run("backup", str(tmp_path / "backup.zip"))
    run("restore", str(tmp_path / "backup.zip"), "--yes")
    assert "审计记录完好" in run("audit", "verify")
    assert apsw_driver.sqlite_version in run("doctor", "--quick")
    run("summary", "--interim", "--out", str(tmp_path / "summary"))
    engine = make_engine(f"sqlite:///{home}/huitoukan.sqlite3")
    with engine.connect() as connection:
        assert len(connection.execute(select(tables.issue.c.id)).all()) == 71
    engine.dispose()
