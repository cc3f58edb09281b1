"""Rosters use the people and databases of the records' tests."""

from tests.records.conftest import at, engine, postgres, postgres_url

__all__ = ["at", "engine", "postgres", "postgres_url"]
