"""Visits use the people and databases of the records' tests."""

from tests.records.conftest import at, campaign, engine, postgres, postgres_url

__all__ = ["at", "campaign", "engine", "postgres", "postgres_url"]
