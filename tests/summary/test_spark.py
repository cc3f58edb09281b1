"""The query on Spark, for real: one session for all of it, since Java takes its time to start."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from pyspark.sql import SparkSession
from sqlalchemy import Engine, insert, select, update

from build_scripts.counting import spark_engine
from build_scripts.counting.breakdown_dimensions import PARTS
from build_scripts.counting.count_query import BadSource
from build_scripts.counting.record_source import Source, opened
from build_scripts.summary.compiling import SummaryOptions, compile_all
from build_scripts.summary.parquet_export import export
from checklist.model import Campaign
from forms_server.db.tables import issue, proposed_household, zero_report
from tests.builders import EAST_DAM, EAST_LAKE
from tests.summary.records import (
    BY_HAND,
    Records,
    compile_summary,
    count,
    random_records,
    read_counts,
    store,
    write_parquet,
)


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[SparkSession]:
    """The session that every opening finds running."""
    with spark_engine.session("local[1]") as session:
        # A few rows are neither worth dividing nor worth compiling code for.
        session.conf.set("spark.sql.shuffle.partitions", "1")
        session.conf.set("spark.sql.adaptive.enabled", "false")
        session.conf.set("spark.sql.codegen.wholeStage", "false")
        session.conf.set("spark.sql.codegen.factoryMode", "NO_CODEGEN")
        yield session


# Each example takes Spark a second or two, which shrinking would pay hundreds of times.
@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(random_records())
def test_four_engines_count_as_plain_python_does(
    sqlite: Engine,
    postgresql: Engine,
    campaign: Campaign,
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
) -> None:
    glob = write_parquet(tmp_path_factory.mktemp("county 1"), records)
    sources = [Source(glob, "spark"), Source(glob, "duckdb")]
    for engine in (sqlite, postgresql):
        with engine.begin() as connection:
            store(connection, records)
        sources.append(Source(engine.url.render_as_string(hide_password=False)))
    expected = count(records, campaign)
    assert [compile_summary(campaign, source).rows == expected for source in sources] == [True] * 4


def detail(engine: Engine, day: int) -> None:
    """What records are divided by, spread over them without chance."""
    with engine.begin() as connection:
        for table in (issue, proposed_household):
            ids = connection.execute(select(table.c.id).order_by(table.c.id)).scalars().all()
            for number, identity in enumerate(ids):
                values = {
                    "village_code": (EAST_DAM, EAST_LAKE, None)[number % 3],
                    "household_type": ("tuopin", None)[number % 2],
                    "created_at": datetime(2022, 8, 10 + number % 5, 23, 30),
                }
                if table is issue:
                    values |= {
                        "source": ("self", "county", None)[number % 3],
                        "responsible_unit": ("县水利局", "谁也不是", None)[number % 3],
                        "rectified_on": (date(2022, 8, day), None)[number % 2],
                    }
                connection.execute(update(table).where(table.c.id == identity).values(values))


@settings(
    max_examples=2,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(random_records(), st.integers(9, 20))
def test_four_engines_divide_alike(
    sqlite: Engine,
    postgresql: Engine,
    campaign: Campaign,
    tmp_path_factory: pytest.TempPathFactory,
    records: Records,
    day: int,
) -> None:
    """Every breakdown, the change since a day and the days, from databases and from what one of them exports."""
    with sqlite.begin() as connection:
        store(connection, records)
    detail(sqlite, day)
    with sqlite.connect() as there, postgresql.begin() as here:
        for table in (issue, proposed_household, zero_report):
            here.execute(table.delete())
            stored = [column for column in table.c if column.computed is None]
            rows = [dict(row) for row in there.execute(select(*stored)).mappings()]
            if rows:
                here.execute(insert(table), rows)
    folder = tmp_path_factory.mktemp("exported")
    with opened(Source(sqlite.url.render_as_string())) as source:
        export(source, campaign, folder)
    glob = str(folder / "*" / "*.parquet")
    places = [Source(engine.url.render_as_string(hide_password=False)) for engine in (sqlite, postgresql)]
    places += [Source(glob, "duckdb"), Source(glob, "spark")]
    done = [
        compile_all(campaign, place, SummaryOptions(tuple(PARTS), date(2022, 8, 12), interim=True))
        for place in places
    ]
    first = done[0].summary, done[0].breakdowns, done[0].changes, done[0].days
    for each in done[1:]:
        assert (each.summary, each.breakdowns, each.changes, each.days) == first
    counted = [row for row in records.issues if row[2] != "withdrawn"]
    for breakdown in done[0].breakdowns:
        assert sum(each.figures["found"] for each in breakdown.slices) == len(counted)


def test_an_address_of_the_clusters_own_is_read(tmp_path: Path) -> None:
    glob = write_parquet(tmp_path / "county", BY_HAND)
    address = (tmp_path / "*" / "*.parquet").as_uri().replace("%2A", "*")
    assert sorted(read_counts(address, "spark")) == sorted(read_counts(glob, "duckdb"))


def broken(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    whole = (folder / "issue.parquet").read_bytes()
    (folder / "issue.parquet").write_bytes(whole[: len(whole) // 2])
    return glob


def without_a_column(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    pq.write_table(pq.read_table(folder / "issue.parquet").drop(["state"]), folder / "issue.parquet")
    return glob


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (without_a_column, r"缺少 issue\.state"),
        (lambda folder: str(folder / "*.parquet"), "没有找到"),
        (lambda folder: f"{folder.as_uri()}/none/*.parquet", "没有找到"),
        (lambda _folder: "nonsense://x/*.parquet", "读不了"),
        (broken, r"issue\.parquet 不是完整的 Parquet 文件"),
    ],
)
def test_a_wrong_source_gives_one_sentence(tmp_path: Path, place, expected: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadSource, match=expected) as raised:
        read_counts(place(tmp_path), "spark")
    assert "\n" not in str(raised.value)


class Recorder:
    """Stands for the builder of sessions: keeps the settings, and starts nothing."""

    settings: dict[str, str]

    def __init__(self) -> None:
        Recorder.settings = {}

    def master(self, _: str) -> "Recorder":
        return self

    appName = master  # noqa: N815 - Spark's own name

    def config(self, key: str, value: str) -> "Recorder":
        self.settings[key] = value
        return self

    def getOrCreate(self) -> Any:  # noqa: N802 - Spark's own name
        return SimpleNamespace(stop=lambda: None)


@pytest.mark.parametrize(("master", "alone"), [("yarn", False), ("local[2]", True)])
def test_a_session_has_the_countys_time_and_only_a_local_one_listens_to_nobody(
    monkeypatch: pytest.MonkeyPatch, master: str, alone: bool
) -> None:
    monkeypatch.setattr(SparkSession, "getActiveSession", lambda: None)
    monkeypatch.setattr(SparkSession, "Builder", Recorder)
    with spark_engine.session(master):
        assert Recorder.settings["spark.sql.session.timeZone"] == "Asia/Shanghai"
        assert (Recorder.settings.get("spark.driver.bindAddress") == "127.0.0.1") is alone
