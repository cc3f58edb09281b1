"""The records in Parquet files, read by DuckDB."""

import glob
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import duckdb

from build_scripts.counting.count_query import (
    RETURN_TABLE,
    TABLES,
    UNIT_TABLE,
    VILLAGE_TABLE,
    BadSource,
    Line,
    Records,
    require_once,
    require_tables,
    unreadable,
)
from build_scripts.counting.regions import view_of
from checklist.messages import say


@contextmanager
def opened(place: str) -> Iterator[Records]:
    """Yield the records of Parquet files.

    Args:
        place: a path or glob, such as ``DIR/*/*.parquet``; ``**`` stands for any number of folders.

    Raises:
        BadSource: no such file, a table or column missing, a file not readable, or a record in there twice.
    """
    with duckdb.connect() as connection:

        def run(query: str) -> Sequence[Line]:
            try:
                return connection.execute(query).fetchall()
            except duckdb.Error as error:
                raise unreadable(error) from error

        records = Records(run, _views(connection, files_of_tables(place)), files=True)
        require_once(records, "hash(id)")
        yield records


def _views(connection: duckdb.DuckDBPyConnection, files: dict[str, list[str]]) -> dict[str, set[str]]:
    """Create a view for each table's files; return its columns."""
    for name in (name for names in files.values() for name in names):
        _require_parquet(connection, name)
    try:
        tables = {table: connection.read_parquet(names, union_by_name=True) for table, names in files.items()}
        columns = {table: set(relation.columns) for table, relation in tables.items()}
        require_tables(columns)
        for table, relation in tables.items():
            relation.create_view(f"{table}_file")
            connection.execute(f"CREATE VIEW {table} AS {view_of(table, columns[table])}")
    except duckdb.Error as error:
        raise unreadable(error) from error
    return columns


def _require_parquet(connection: duckdb.DuckDBPyConnection, name: str) -> None:
    """Raise on a truncated or invalid file, naming it, so that a county can send it again."""
    try:
        connection.read_parquet(name).columns  # noqa: B018 - it reads the file's footer
    except duckdb.Error as error:
        raise BadSource(say("summary-file-unreadable", file=Path(name))) from error


def files_of_tables(place: str) -> dict[str, list[str]]:
    """Group files by table: a file's name is its table's, then ``-`` or ``.`` before anything else.

    Raises:
        BadSource: no file matches.
    """
    matches = sorted(glob.glob(place, recursive=True))  # noqa: PTH207 - Path.glob takes no absolute pattern
    if not matches:
        raise BadSource(say("summary-source-missing", source=Path(place)))
    return by_table(matches)


def by_table(paths: Sequence[str]) -> dict[str, list[str]]:
    """Return the known tables' files, by table.

    Raises:
        BadSource: one of several county folders lacks a table, which would silently understate its figures.
    """
    files: dict[str, list[str]] = {}
    folders: dict[str, set[str]] = {}
    for path in paths:
        folder, _, name = path.replace("\\", "/").rpartition("/")
        table = name.replace("-", ".").partition(".")[0]
        if table in TABLES or table in {UNIT_TABLE, VILLAGE_TABLE, RETURN_TABLE}:
            files.setdefault(table, []).append(path)
            folders.setdefault(folder, set()).add(table)
    missing = [
        f"{folder.rpartition('/')[2]}/{table}"
        for folder, found in folders.items()
        for table in TABLES
        if table not in found
    ]
    if missing and len(folders) > 1:
        raise BadSource(say("summary-tables-missing", missing=missing))
    return files
