"""Database errors are told apart and explained: busy, full, corrupt, closed, unreachable."""

from contextlib import closing

import pysqlite3
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from build_scripts.database_trouble import Trouble, sentence, trouble_of
from forms_server.cli import main
from forms_server.db.engine import make_engine
from forms_server.server_settings import ENVIRONMENT


@pytest.fixture
def home(tmp_path, monkeypatch):
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HUITOUKAN_HOME", str(tmp_path / "home"))
    assert run("init").exit_code == 0
    return tmp_path / "home"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


@pytest.mark.parametrize("arguments", [("user", "reset", "office"), ("summary",), ("serve",), ("init",)])
def test_a_broken_file_is_reported_with_the_way_back(home, arguments):
    for path in home.glob("huitoukan.sqlite3*"):
        path.unlink()
    (home / "huitoukan.sqlite3").write_bytes(b"not a database" * 1000)
    result = run(*arguments)
    assert result.exit_code == 1
    assert "数据库文件损坏" in result.stderr
    assert "huitoukan restore" in result.stderr


def test_a_file_that_can_not_be_opened_is_reported(home, monkeypatch):
    monkeypatch.setenv("HUITOUKAN_DATABASE", f"sqlite:///{home}")  # a folder
    result = run("user", "reset", "office")
    assert "数据库打不开" in result.stderr


def test_another_program_that_holds_the_database_makes_it_busy(home, monkeypatch):
    monkeypatch.setattr("forms_server.db.write_queue.BUSY_SECONDS", 0)
    with closing(pysqlite3.connect(home / "huitoukan.sqlite3", isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        result = run("user", "reset", "office")
    assert result.exit_code == 1
    assert "数据库正忙" in result.stderr


def test_a_full_disk_is_no_busy_database(home):
    engine = make_engine(f"sqlite:///{home / 'huitoukan.sqlite3'}")
    with engine.connect() as connection:
        most = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {most}"))
        with pytest.raises(DBAPIError) as raised:
            connection.execute(text("CREATE TABLE big AS SELECT zeroblob(1000000) AS filling"))
    engine.dispose()
    assert trouble_of(raised.value) is Trouble.FULL
    assert "磁盘满了" in sentence(raised.value)


def test_a_server_that_is_not_there_is_away():
    engine = create_engine("postgresql+psycopg://nobody:secret@127.0.0.1:1/nothing")
    with pytest.raises(DBAPIError) as raised, engine.connect():
        pass
    assert trouble_of(raised.value) is Trouble.AWAY
    assert "secret" not in sentence(raised.value)


@pytest.mark.parametrize(
    ("state", "trouble"),
    [
        ("55P03", Trouble.BUSY),
        ("40P01", Trouble.BUSY),
        ("53100", Trouble.FULL),
        ("28P01", Trouble.AWAY),
        ("57P03", Trouble.AWAY),
        ("42501", Trouble.CLOSED),
        ("42P01", Trouble.FAILED),
    ],
)
def test_the_codes_of_postgresql_are_understood(state, trouble):
    error = Exception("in the driver's own words")
    error.sqlstate = state  # type: ignore[attr-defined]
    assert trouble_of(error) is trouble
