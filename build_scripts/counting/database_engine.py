"""Records of a live database (SQLite or PostgreSQL), opened read-only."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, inspect, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from build_scripts.counting.count_query import LIVE, TABLES, BadSource, Line, Records, require_tables
from build_scripts.database_trouble import sentence
from build_scripts.sqlite_library import sqlite_library
from checklist.messages import say

OCTETS = {"sqlite": "CAST({} AS BLOB)", "postgresql": "convert_to({}, 'UTF8')"}
"""``Records.octets`` of a database."""


@contextmanager
def opened(place: str) -> Iterator[Records]:
    """Yield the records of a database, read in one transaction.

    Args:
        place: an SQLAlchemy URL.

    Raises:
        BadSource: no such database, a table or column missing, not readable, or its driver is not installed.
    """
    with _connected(place) as connection:

        def run(query: str) -> Sequence[Line]:
            try:
                return [tuple(line) for line in connection.exec_driver_sql(query)]
            except SQLAlchemyError as error:
                raise BadSource(sentence(error)) from error

        records = Records(run, _tables(connection), OCTETS.get(connection.dialect.name, ""))
        require_tables(records.columns)
        yield records


@contextmanager
def _connected(place: str) -> Iterator[Connection]:
    try:
        engine = _engine(place)
        connection = engine.connect()
    except SQLAlchemyError as error:
        raise BadSource(sentence(error)) from error
    with connection:
        if engine.dialect.name == "sqlite":
            # Its driver opens no transaction for a SELECT, and the server may write between two of them.
            connection.exec_driver_sql("BEGIN")
        yield connection


def _tables(connection: Connection) -> dict[str, set[str]]:
    """Return the known tables of the database, each with its columns."""
    try:
        inspector = inspect(connection)
        names = (TABLES.keys() | LIVE.keys()) & set(inspector.get_table_names())
        return {name: {column["name"] for column in inspector.get_columns(name)} for name in names}
    except SQLAlchemyError as error:
        raise BadSource(sentence(error)) from error


def _engine(source: str) -> Engine:
    """Create an engine for a URL; it connects on first use."""
    try:
        url = make_url(source)
        return _sqlite(url) if url.get_backend_name() == "sqlite" else _server(url)
    except (ArgumentError, NoSuchModuleError, ValueError) as error:  # the last for a port that is no number
        kind = source.partition("://")[0]  # only the scheme: the URL may hold a password
        raise BadSource(say("summary-not-a-url", source=kind)) from error
    except ModuleNotFoundError as error:
        raise BadSource(say("summary-library-missing", package=error.name)) from error


def _server(url: URL) -> Engine:
    """Create an engine whose transactions are read-only snapshots."""
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    options = {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
    return create_engine(url, poolclass=NullPool, execution_options=options)


def _sqlite(url: URL) -> Engine:
    """Create an engine for an existing file; the server may keep writing to it."""
    path = Path(url.database or "").absolute()
    if not path.is_file():
        raise BadSource(say("summary-source-missing", source=path))

    def connect() -> Any:
        # mode=ro: a mistyped name must not leave an empty database behind.
        return sqlite_library.connect(f"{path.as_uri()}?mode=ro", uri=True)

    return create_engine("sqlite://", module=sqlite_library, creator=connect, poolclass=NullPool)
