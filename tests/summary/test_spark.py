"""The query on Spark, for real: one session for all of it, since Java takes its time to start."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pyspark.sql import SparkSession
from sqlalchemy import Engine

from build_scripts.summary import spark
from build_scripts.summary.compiling import compile_summary
from build_scripts.summary.query import BadSource
from build_scripts.summary.source import Source
from checklist.model import Campaign
from tests.summary.records import BY_HAND, Records, count, random_records, read_counts, store, write_parquet


@pytest.fixture(scope="module", autouse=True)
def session() -> Iterator[SparkSession]:
    """The session that every opening finds running."""
    with spark.session("local[1]") as session:
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


def test_an_address_of_the_clusters_own_is_read(tmp_path: Path) -> None:
    glob = write_parquet(tmp_path / "county", BY_HAND)
    address = (tmp_path / "*" / "*.parquet").as_uri().replace("%2A", "*")
    assert sorted(read_counts(address, "spark")) == sorted(read_counts(glob, "duckdb"))


def broken(folder: Path) -> str:
    glob = write_parquet(folder, BY_HAND)
    (folder / "issue.parquet").write_bytes(b"PAR1 not really")
    return glob


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (lambda folder: str(folder / "*.parquet"), "没有找到"),
        (lambda folder: f"{folder.as_uri()}/none/*.parquet", "没有找到"),
        (lambda _folder: "nonsense://x/*.parquet", "读不了"),
        (broken, "读不了"),
    ],
)
def test_a_wrong_source_gives_one_sentence(tmp_path: Path, place, expected: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(BadSource, match=expected) as raised:
        read_counts(place(tmp_path), "spark")
    assert "\n" not in str(raised.value)
