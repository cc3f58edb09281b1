"""A database with a row of everything that the audit covers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from tests.faults.one_of_each import fill
from tests.postgres import postgres, postgres_url
from tests.records.builders import AUDIT_KEY

__all__ = ["postgres", "postgres_url"]


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """On SQLite and on PostgreSQL."""
    url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    engine = make_engine(url, AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        fill(connection)
    yield engine
    engine.dispose()
