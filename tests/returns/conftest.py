"""A database, and people at work in it, as the records' tests have them; of every unit a return is expected."""

import pytest
from sqlalchemy import Engine

from checklist.model import Campaign
from forms_server.db.engine import transaction
from forms_server.returns.expected_returns import expect
from tests.records.builders import MORNING
from tests.records.conftest import at, campaign, engine, postgres, postgres_url

__all__ = ["at", "campaign", "engine", "postgres", "postgres_url"]


@pytest.fixture
def expected(engine: Engine, campaign: Campaign) -> None:
    """The rows of expected returns."""
    with transaction(engine) as connection:
        expect(connection, campaign, MORNING)
