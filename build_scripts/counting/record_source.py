"""Where records are read from. Every engine answers the same query; each lives in a module of its own."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType

from build_scripts.counting.count_query import BadSource, Records
from checklist.messages import say

ENGINES = {
    "database": "build_scripts.counting.database",
    "duckdb": "build_scripts.counting.parquet",
    "spark": "build_scripts.counting.spark",
}
"""Each engine's name on the command line, and the module whose ``opened(source)`` gives the records.

It is imported when it is chosen: a machine needs only the library of the engine that it uses.
"""


DATABASES = ("sqlite:", "sqlite+", "postgresql:", "postgresql+")
"""How the address of a database begins; any other address with ``://`` may be a file system of a cluster's."""


@dataclass(frozen=True)
class Source:
    """What to read, and with what."""

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
    """The records of a source.

    Raises:
        BadSource: nothing there, not one of ours, not readable, a database for an engine of files, or a library
            missing.
    """
    if source.chosen != "database" and source.place.startswith(DATABASES):
        kind = source.place.replace("+", ":").partition(":")[0]  # no more of it: it may hold a password
        raise BadSource(say("summary-source-no-files", source=kind, engine=source.engine))
    options = {"master": source.master} if source.master else {}
    with _module(source.chosen).opened(source.place, **options) as records:
        yield records


def _module(engine: str) -> ModuleType:
    try:
        return import_module(ENGINES[engine])
    except ModuleNotFoundError as error:
        raise BadSource(say("summary-library-missing", package=error.name)) from error
