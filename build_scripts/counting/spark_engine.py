"""Records in Parquet files, read by Spark, locally or on an existing cluster.

The only module that knows PySpark.
"""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from build_scripts.counting.count_query import (
    BadSource,
    Line,
    Records,
    require_once,
    require_tables,
    unreadable,
)
from build_scripts.counting.duckdb_engine import by_table, files_of_tables
from build_scripts.counting.regions import view_of
from checklist.china_time import ZONE
from checklist.messages import say

LOCAL = "local[*]"
"""This machine, all its cores."""

_LOGGING = Path(__file__).with_name("spark-log4j2.properties")
_ERRORS = (PySparkException, Py4JError)


@contextmanager
def opened(place: str, master: str = LOCAL) -> Iterator[Records]:
    """Yield the records of Parquet files.

    Args:
        place: a path or glob on this machine, or an address that the cluster reads, such as ``hdfs://…/*/*.parquet``.
        master: the cluster's address, as Spark writes it: ``spark://host:7077``, ``yarn``, ``local[*]``.

    Raises:
        BadSource: no such file, a table or column missing, a file not readable, a record in there twice, or no Spark.
    """
    files = {} if "://" in place else files_of_tables(place)
    with session(master) as spark:

        def run(query: str) -> Sequence[Line]:
            try:
                return [tuple(line) for line in spark.sql(query).collect()]
            except _ERRORS as error:
                raise unreadable(error) from error

        try:
            found = files or _files_of_cluster(spark, place)
        except _ERRORS as error:
            raise unreadable(error) from error
        try:
            columns = _views(spark, found)
        except _ERRORS as error:
            raise _unreadable(spark, found, error) from error
        records = Records(run, columns, files=True)
        require_once(records, "xxhash64(id)")
        yield records


@contextmanager
def session(master: str) -> Iterator[SparkSession]:
    """Yield the active session, or a new one that is stopped at the end of the block."""
    running = SparkSession.getActiveSession()
    if running is not None:
        yield running
        return
    builder = SparkSession.Builder().master(master).appName("huitoukan summary")
    for key, value in _options(master).items():
        builder = builder.config(key, value)
    with warnings.catch_warnings():
        # It warns of pandas 3, which is not used with it here.
        warnings.simplefilter("ignore")
        try:
            spark = builder.getOrCreate()
        except (*_ERRORS, FileNotFoundError) as error:
            raise BadSource(say("summary-spark-not-started", master=master)) from error
    try:
        yield spark
    finally:
        spark.stop()


def _options(master: str) -> Mapping[str, str]:
    """Settings that the query needs, overriding the cluster's defaults."""
    options = {
        "spark.sql.session.timeZone": ZONE.key,
        "spark.sql.legacy.charVarcharAsString": "true",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_LOGGING.as_uri()}",
    }
    if master.startswith("local"):
        # The host name may not resolve, and no other machine should connect.
        alone = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
        return options | alone | {"spark.sql.shuffle.partitions": "8"}
    return options


def _views(spark: SparkSession, files: Mapping[str, Sequence[str]]) -> dict[str, set[str]]:
    """Create a view for each table's files; return its columns."""
    frames = {
        table: spark.read.option("mergeSchema", "true").parquet(*names) for table, names in files.items()
    }
    columns = {table: set(frame.columns) for table, frame in frames.items()}
    require_tables(columns)
    for table, frame in frames.items():
        frame.createOrReplaceTempView(f"{table}_file")
        spark.sql(view_of(table, columns[table])).createOrReplaceTempView(table)
    return columns


def _unreadable(
    spark: SparkSession, files: Mapping[str, Sequence[str]], error: PySparkException | Py4JError
) -> BadSource:
    """Build the error for unreadable files, naming the first broken one where possible."""
    for name in (name for names in files.values() for name in names):
        try:
            spark.read.parquet(name)
        except _ERRORS:
            return BadSource(say("summary-file-unreadable", file=Path(name)))
    return unreadable(error)


def _files_of_cluster(spark: SparkSession, place: str) -> dict[str, list[str]]:
    """List the files behind a cluster's file system URL, by table."""
    java = spark.sparkContext._jvm
    assert java is not None
    path = java.org.apache.hadoop.fs.Path(place)
    system = path.getFileSystem(spark.sparkContext._jsc.hadoopConfiguration())
    found = [status.getPath().toString() for status in system.globStatus(path) or ()]
    if not found:
        raise BadSource(say("summary-source-missing", source=place))
    return by_table(sorted(found))
