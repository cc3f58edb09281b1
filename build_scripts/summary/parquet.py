"""The query on Parquet files, through DuckDB."""

import glob
from collections.abc import Sequence
from pathlib import Path

import duckdb

from build_scripts.summary.query import QUERY, TABLES, BadSource, Line, require_tables, unreadable
from checklist.messages import say


def counts(source: str) -> Sequence[Line]:
    """The query's answer.

    Args:
        source: a path or glob, such as ``DIR/*/*.parquet``; ``**`` stands for any number of folders.

    Raises:
        BadSource: no such file, a table or column missing, a file not readable, or a record in there twice.
    """
    files = files_of_tables(source)
    try:
        with duckdb.connect() as connection:
            tables = {
                table: connection.read_parquet(names, union_by_name=True) for table, names in files.items()
            }
            require_tables({table: set(relation.columns) for table, relation in tables.items()})
            for table, relation in tables.items():
                relation.create_view(table)
                _require_once(connection, table)
            return connection.execute(QUERY).fetchall()
    except duckdb.Error as error:
        raise unreadable(error) from error


def files_of_tables(pattern: str) -> dict[str, list[str]]:
    """The files of each table: a file is named after its table, with ``-`` or ``.`` before anything more.

    Raises:
        BadSource: no file matches.
    """
    matches = sorted(glob.glob(pattern, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not matches:
        raise BadSource(say("summary-source-missing", source=Path(pattern)))
    files: dict[str, list[str]] = {}
    for match in matches:
        table = Path(match).name.replace("-", ".").partition(".")[0]
        if table in TABLES:
            files.setdefault(table, []).append(match)
    return files


def _require_once(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Refuse a record that is there twice, as from two exports of one county; a database has keys against that."""
    if "id" not in TABLES[table]:
        return
    query = f"SELECT COUNT(*), COUNT(DISTINCT id) FROM {table}"  # noqa: S608 - the name is one of our own tables
    records, ids = connection.execute(query).fetchall()[0]
    if records != ids:
        raise BadSource(say("summary-records-twice", table=table, records=records, ids=ids))
