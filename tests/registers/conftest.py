"""A database with the tables, and people who keep registers in it."""

import pytest

from checklist.model import Campaign
from tests.records.conftest import At, at, engine, postgres, postgres_url
from tests.small_registers import campaign_with_registers

__all__ = ["At", "at", "engine", "postgres", "postgres_url"]


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return campaign_with_registers()
