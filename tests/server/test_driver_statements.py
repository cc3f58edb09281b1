"""Statements that go past SQLAlchemy give what SQLAlchemy gives, on both databases."""

from datetime import date, datetime

import pytest
from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from forms_server.db.driver_statements import fetch
from forms_server.db.engine import make_engine, transaction
from forms_server.db.tables import metadata, register_row

ROW = {
    "id": "r1",
    "campaign_id": "2022",
    "at": datetime(2022, 8, 12, 9, 30, 15, 4),  # noqa: DTZ001 - wall-clock time, as everywhere here
}


@pytest.fixture
def connection(database):
    engine = make_engine(database)
    with transaction(engine) as connection:
        yield connection
    engine.dispose()
