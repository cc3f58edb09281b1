"""Sources of records, and the registry of engines that run the query."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from build_scripts.counting.count_query import BadSource, Records
from checklist.messages import say

ENGINES = {
    "database": "build_scripts.counting.database_engine",
    "duckdb": "build_scripts.counting.duckdb_engine",
    "spark": "build_scripts.counting.spark_engine",
}
"""Each engine's name on the command line, and the module whose ``opened(source)`` gives the records.

Imported lazily: a machine needs only the library of the engine that it uses.
"""


DATABASES = ("sqlite:", "sqlite+", "postgresql:", "postgresql+")
"""URL schemes of databases; any other ``://`` may be a cluster's file system."""


@dataclass(frozen=True)
class Source:
    """Location of the records, and the engine to read them with."""

    place: str
    """An SQLAlchemy URL, or a path or glob of Parquet files."""
    engine: str = "auto"
    """A key of ``ENGINES``, or ``auto`` to go by the place."""
    master: str = ""
    """For Spark: the cluster's address; empty for this machine alone."""

    @property
    def chosen(self) -> str:
        """The engine's name."""
        if self.engine != "auto":
            return self.engine
        return "database" if "://" in self.place else "duckdb"


@contextmanager
def opened(source: Source) -> Iterator[Records]:
    """Yield the records of a source.

    Raises:
        BadSource: missing, foreign or unreadable source, a database given to a file engine, or a missing library.
    """
    if source.chosen != "database" and source.place.startswith(DATABASES):
        kind = source.place.replace("+", ":").partition(":")[
            0
        ]  # only the scheme: the URL may hold a password
        raise BadSource(say("summary-source-no-files", source=kind, engine=source.engine))
    options = {"master": source.master} if source.master else {}
    with _module(source.chosen).opened(source.place, **options) as records:
        yield records


def _module(engine: str) -> ModuleType:
    try:
        return import_module(ENGINES[engine])
    except ModuleNotFoundError as error:
        raise BadSource(say("summary-library-missing", package=error.name)) from error
