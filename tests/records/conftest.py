"""A database with the tables, and people at work in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from checklist.model import Campaign
from forms_server.account import Account, Role
from forms_server.db import tables
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.desk import Desk
from tests.builders import small_campaign
from tests.postgres import postgres, postgres_url
from tests.records.builders import ACCOUNTS, AUDIT_KEY, MORNING

__all__ = ["postgres", "postgres_url"]

At = Callable[..., AbstractContextManager[Desk]]


@pytest.fixture(scope="session")
def campaign() -> Campaign:
    return small_campaign()


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database with the accounts of ``ACCOUNTS``, on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        url = str(request.getfixturevalue("postgres_url"))
    else:
        url = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    engine = make_engine(url, AUDIT_KEY)
    migrate(engine)
    with transaction(engine) as connection:
        connection.execute(insert(tables.account), [account_row(account) for account in ACCOUNTS.values()])
    yield engine
    engine.dispose()


@pytest.fixture
def at(engine: Engine, campaign: Campaign) -> At:
    """Open a transaction in which someone works: ``with at("east") as desk``."""

    @contextmanager
    def _at(who: str, now: datetime = MORNING) -> Iterator[Desk]:
        with transaction(engine) as connection:
            yield Desk(connection, campaign, ACCOUNTS[who], now)

    return _at


def account_row(account: Account) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "unit_code": account.unit_code,
        "village_code": account.village_code,
        "role": Role(account.role).value,
        "password_hash": "-",
        "must_change_password": False,
        "disabled": False,
        "created_at": MORNING,
    }
