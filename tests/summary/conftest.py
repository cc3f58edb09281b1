"""Databases that live as long as a module's tests, which put other records into them."""

import uuid
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine

from build_scripts.settings import sqlite_url
from checklist.model import Campaign
from tests.builders import small_campaign
from tests.postgres import postgres
from tests.summary.records import new_database

__all__ = ["postgres"]


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return small_campaign()


@pytest.fixture(scope="module")
def sqlite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """A file whose path has what paths of offices have: spaces, Chinese, and signs that mean something in a URL."""
    folder = tmp_path_factory.mktemp("回头看？100%41?")
    engine = new_database(sqlite_url(folder / "huitoukan.sqlite3"))
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def postgresql(postgres: Path) -> Iterator[Engine]:
    name = f"summary_{uuid.uuid4().hex}"
    with psycopg.connect(host=str(postgres), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        engine = new_database(f"postgresql+psycopg://postgres@/{name}?host={postgres}")
        yield engine
        engine.dispose()
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())
