"""Where records are read from. Every engine answers the same query; each lives in a module of its own."""

from collections.abc import Sequence
from importlib import import_module

from build_scripts.summary.query import BadSource, Line
from checklist.messages import say

ENGINES = {"database": "build_scripts.summary.database", "duckdb": "build_scripts.summary.parquet"}
"""Each engine's name on the command line, and the module whose ``counts(source)`` runs the query with it.

It is imported when it is chosen: a machine needs only the library of the engine that it uses.
"""


def read_counts(source: str, engine: str = "auto") -> Sequence[Line]:
    """Run the query over a source.

    Args:
        source: an SQLAlchemy URL, or a path or glob of Parquet files.
        engine: a key of ``ENGINES``, or ``auto`` to go by the source.

    Raises:
        BadSource: nothing there, not one of ours, not readable, or a library missing.
    """
    chosen = engine if engine != "auto" else "database" if "://" in source else "duckdb"
    try:
        lines: Sequence[Line] = import_module(ENGINES[chosen]).counts(source)
        return lines
    except ModuleNotFoundError as error:
        raise BadSource(say("summary-library-missing", package=error.name)) from error
