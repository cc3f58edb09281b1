"""Where records are read from. Every engine answers the same query; each lives in a module of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from build_scripts.summary.query import BadSource, Line
from checklist.messages import say


@dataclass(frozen=True)
class Answer:
    """What the query answered, and the engine that worked it out."""

    lines: Sequence[Line]
    engine: str


# Each engine is imported when it is chosen: a machine needs only the library of the one that it uses.
def _database(source: str) -> Sequence[Line]:
    from build_scripts.summary import database

    return database.counts(source)


def _duckdb(source: str) -> Sequence[Line]:
    from build_scripts.summary import parquet

    return parquet.counts(source)


ENGINES: dict[str, Callable[[str], Sequence[Line]]] = {"database": _database, "duckdb": _duckdb}
"""Each engine under its name on the command line."""


def read_counts(source: str, engine: str = "auto") -> Answer:
    """Run the query over a source.

    Args:
        source: an SQLAlchemy URL, or a path or glob of Parquet files.
        engine: a key of ``ENGINES``, or ``auto`` to go by the source.

    Raises:
        BadSource: nothing there, not one of ours, not readable, or a library missing.
    """
    chosen = engine if engine != "auto" else "database" if "://" in source else "duckdb"
    try:
        return Answer(ENGINES[chosen](source), chosen)
    except ModuleNotFoundError as error:
        raise BadSource(say("summary-library-missing", package=error.name)) from error
