"""A database with a row of everything that the audit covers."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine

from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from tests.faults.one_of_each import fill
from tests.postgres import postgres, postgres_url
from tests.records.builders import AUDIT_KEY

__all__ = ["postgres", "postgres_url"]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with filled(f"sqlite:///{tmp_path / 'records.sqlite3'}") as engine:
        yield engine


@pytest.fixture
def engine_of_postgresql(postgres_url: str) -> Iterator[Engine]:
    with filled(postgres_url) as engine:
        yield engine


@contextmanager
def filled(url: str) -> Iterator[Engine]:
    engine = make_engine(url, AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        fill(connection)
    yield engine
    engine.dispose()
