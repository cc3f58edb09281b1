import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from sqlalchemy import Engine, text

from build_scripts.counting import record_source
from build_scripts.counting.count_query import TABLES, BadSource
from build_scripts.counting.record_source import ENGINES, Source, opened
from checklist.model import Campaign
from forms_server.db.tables import metadata
from tests.builders import EAST
from tests.summary.records import (
    BY_HAND,
    Records,
    compile_summary,
    new_database,
    read_counts,
    store,
    write_parquet,
)


def url_of(path: Path) -> str:
    return f"sqlite:///{path}"


def without_table(folder: Path) -> str:
    new_database(url_of(folder / "a.sqlite3")).dispose()
    with sqlite3.connect(folder / "a.sqlite3") as connection:
        connection.execute("DROP TABLE zero_report")
    connection.close()
    return url_of(folder / "a.sqlite3")


def not_a_database(folder: Path) -> str:
    (folder / "a.sqlite3").write_text("这不是数据库" * 100, encoding="utf-8")
    return url_of(folder / "a.sqlite3")


def without_column(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    pq.write_table(pa.table({"id": ["1"], "state": ["proposed"]}), folder / "proposed_household.parquet")
    return glob


def without_file(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    (folder / "zero_report.parquet").unlink()
    return glob


def broken_parquet(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    (folder / "issue.parquet").write_bytes(b"PAR1 not really")
    return glob


def truncated_parquet(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    whole = (folder / "issue.parquet").read_bytes()
    (folder / "issue.parquet").write_bytes(whole[: len(whole) // 2])
    return glob


def a_county_without_file(folder: Path) -> str:
    write_parquet(folder / "a", BY_HAND)
    write_parquet(folder / "b", Records(issues=[(EAST, "income", "closed")]))
    (folder / "b" / "issue.parquet").unlink()
    return str(folder / "*" / "*.parquet")


def the_same_export_twice(folder: Path) -> str:
    write_parquet(folder / "monday", BY_HAND)
    shutil.copytree(folder / "monday", folder / "tuesday")
    return str(folder / "*" / "*.parquet")


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda folder: url_of(folder / "none.sqlite3"), "没有找到 .*none.sqlite3"),
        (lambda _folder: "sqlite://", "没有找到"),
        (lambda folder: str(folder / "*.parquet"), "没有找到 .*parquet"),
        (without_table, "缺少 zero_report"),
        (without_column, "缺少 proposed_household.campaign_id、proposed_household.people"),
        (without_file, "缺少 zero_report"),
        (not_a_database, "不是数据库"),
        (broken_parquet, r"issue\.parquet 不是完整的 Parquet 文件"),
        (truncated_parquet, r"issue\.parquet 不是完整的 Parquet 文件"),
        (a_county_without_file, "缺少 b/issue"),
        (the_same_export_twice, "有 12 行，只有 6 个不同的编号"),
        (lambda _folder: "nonsense://x", "不是能用的数据库地址"),
        (lambda _folder: "postgresql://u@h:notaport/x", "不是能用的数据库地址"),
        (lambda folder: f"postgresql://nobody@/x?host={folder}", "连不上数据库"),
    ],
)
def test_a_wrong_source_gives_one_sentence(
    tmp_path: Path, make: Callable[[Path], str], expected: str
) -> None:
    with pytest.raises(BadSource, match=expected) as raised:
        read_counts(make(tmp_path))
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("engine", ["duckdb", "spark"])
def test_an_engine_of_files_is_not_given_a_database(tmp_path: Path, engine: str) -> None:
    with pytest.raises(BadSource, match=f"是数据库（sqlite），{engine} 只读 Parquet 文件"):
        read_counts(url_of(tmp_path / "some.sqlite3"), engine)


def test_a_missing_database_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(BadSource):
        read_counts(url_of(tmp_path / "none.sqlite3"))
    assert list(tmp_path.iterdir()) == []


def test_a_path_is_no_database_address(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="不是能用的数据库地址"):
        read_counts(str(tmp_path), "database")


def test_records_of_other_campaigns_alone_are_a_wrong_source(campaign: Campaign, tmp_path: Path) -> None:
    glob = write_parquet(tmp_path, Records(issues=[(EAST, "income", "closed")], campaign="last-year"))
    with pytest.raises(BadSource, match="没有本次专项（small）的记录，只有 last-year 的"):
        compile_summary(campaign, Source(glob))


def test_a_library_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(record_source.ENGINES, "duckdb", "no_such_engine.counting")
    with pytest.raises(BadSource, match="没有安装 no_such_engine"):
        read_counts("*.parquet")


def test_a_database_that_the_server_is_writing_to_is_read_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "live.sqlite3"
    engine = new_database(url_of(path))
    with engine.connect() as connection:
        connection.execute(text("PRAGMA journal_mode=WAL"))
    with engine.begin() as connection:
        store(connection, BY_HAND)
    with engine.connect() as writer:
        writer.execute(text("BEGIN IMMEDIATE"))
        writer.execute(text("DELETE FROM issue"))
        before = path.read_bytes()
        assert sum(line[3] for line in read_counts(url_of(path))) == 4
        assert path.read_bytes() == before
        writer.rollback()
    engine.dispose()


def test_a_database_is_opened_so_that_nothing_can_be_written(sqlite: Engine) -> None:
    with (
        opened(Source(sqlite.url.render_as_string())) as records,
        pytest.raises(BadSource, match="readonly"),
    ):
        records.run("DELETE FROM issue")


def test_postgresql_is_opened_so_that_nothing_can_be_written(postgresql: Engine) -> None:
    with (
        opened(Source(postgresql.url.render_as_string())) as records,
        pytest.raises(BadSource, match="read-only"),
    ):
        records.run("DELETE FROM issue")


def test_every_engine_can_be_loaded() -> None:
    modules: dict[str, Any] = {
        name: __import__(module, fromlist=["opened"]) for name, module in ENGINES.items()
    }
    assert all(callable(module.opened) for module in modules.values())


def test_the_tables_that_are_counted_are_the_servers() -> None:
    for table, columns in TABLES.items():
        assert columns <= {column.name for column in metadata.tables[table].columns}
