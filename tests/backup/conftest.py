"""Fixtures: installations over SQLite and PostgreSQL."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.backup.county import County
from tests.postgres import new_database, postgres

__all__ = ["postgres"]

New = Callable[[str], County]


@pytest.fixture
def new(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[New]:
    """Make an installation over an empty database of that kind."""
    counties: list[County] = []
    with ExitStack() as stack:

        def make(kind: str) -> County:
            home = tmp_path / f"home-{len(counties)}"
            url = f"sqlite:///{home}/huitoukan.sqlite3"
            if kind == "postgresql":
                url = stack.enter_context(new_database(request.getfixturevalue("postgres")))
            counties.append(County.new(home, url))
            return counties[-1]

        yield make
        for county in counties:
            county.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: pytest.FixtureRequest) -> str:
    """Each kind of database."""
    return str(request.param)


@pytest.fixture
def county(new: New, kind: str) -> County:
    """An installation in which people have filed something."""
    made = new(kind)
    made.fill()
    return made
