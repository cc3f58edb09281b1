"""Fixtures: an application over a temporary database, and a client that checks every page."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store, passwords, sessions
from forms_server.db.engine import transaction
from forms_server.db.migrate import migrate
from forms_server.returns.expected_returns import expect
from forms_server.server_settings import Config
from forms_server.web.app import create_app
from tests.builders import EAST, EAST_WILLOW, OFFICE, small_campaign
from tests.postgres import postgres, postgres_url
from tests.server.handing_in import complete
from tests.server.pages import PASSWORD, PageChecker
from tests.server.records import HOUSEHOLD, ISSUE, file
from tests.whole import faults_of

__all__ = ["PASSWORD", "postgres", "postgres_url"]

NOW = datetime(2022, 8, 20, 9, 0)
PASSWORD_HASH = passwords.hash_password(PASSWORD)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database, on SQLite and on PostgreSQL."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    return f"sqlite:///{tmp_path}/test.sqlite3"


WRITES_PAST_THE_PROGRAM = frozenset(
    f"test_{name}"
    for name in (
        "account_persons", "busy_and_broken", "home", "namesakes", "reconciliation", "records_life", "reminders",
        "returns_signing", "sessions", "signed_returns", "stale_returns", "stored_number_masking", "zero_and_visits",
    )
)  # fmt: skip
"""Modules whose tests write rows by statements of their own, which ``vouch`` does not seal."""


@contextmanager
def application(home: Path, campaign: Campaign, *, checked: bool = True) -> Iterator[Flask]:
    """An application over an empty database, with a clock that stands still.

    At the end each record must be as its last audit row says, unless it is not ``checked``: whatever changes one
    writes its audit row.
    """
    config = Config(checklist=home, home=home, database=f"sqlite:///{home}/test.sqlite3", demo=True, now=NOW)
    app = create_app(config, campaign)
    app.testing = True
    app.test_client_class = PageChecker
    engine = app.extensions["huitoukan"].engine
    migrate(engine)
    with transaction(engine) as connection:
        expect(connection, campaign, NOW)
    yield app
    if checked:
        assert faults_of(engine) == []
    engine.dispose()


@pytest.fixture
def app(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The application with an invented campaign."""
    checked = request.module.__name__.rpartition(".")[2] not in WRITES_PAST_THE_PROGRAM
    with application(tmp_path, small_campaign(), checked=checked) as app:
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A visitor's browser."""
    return app.test_client()


SignedIn = Callable[..., FlaskClient]


@pytest.fixture
def signed_in(app: Flask) -> SignedIn:
    """Create an account of a unit and role; return its signed-in client."""

    return partial(client_of, app)


def client_of(
    app: Flask, unit: str, role: Role | str, village: str | None = None, name: str | None = None
) -> FlaskClient:
    """The signed-in client of an account, which is made the first time."""
    name = name or f"{unit}-{Role(role).value}-{village or ''}"
    services = app.extensions["huitoukan"]
    with transaction(services.engine) as connection:
        if not account_store.find_by_name(connection, name):
            new = account_store.NewAccount(name, unit, Role(role), village, name)
            account_store.add(connection, NOW, None, new, PASSWORD_HASH, must_change_password=False)
        account = account_store.find_by_name(connection, name)
        assert account is not None
        token = sessions.start(connection, services.clock.now(), account.id, timedelta(days=7), "browser")
    client = app.test_client()
    client.set_cookie("huitoukan", token)
    return client


@pytest.fixture
def now() -> datetime:
    """The moment at which the application's clock stands."""
    return NOW


@pytest.fixture
def reporter(signed_in: SignedIn) -> FlaskClient:
    """The east's reporter."""
    return signed_in(EAST, Role.REPORTER)


@pytest.fixture
def principal(signed_in: SignedIn) -> FlaskClient:
    """The east's principal."""
    return signed_in(EAST, Role.PRINCIPAL)


@pytest.fixture
def office(signed_in: SignedIn) -> FlaskClient:
    """The office's account."""
    return signed_in(OFFICE, Role.OFFICE)


@pytest.fixture
def record(reporter: FlaskClient) -> str:
    """The address of an issue of the east's."""
    return str(file(reporter, HOUSEHOLD, **ISSUE).location)


@pytest.fixture
def ready(reporter: FlaskClient) -> str:
    """The east's return is complete; the address of its issue."""
    return complete(reporter)


@pytest.fixture
def cadre(signed_in: SignedIn) -> FlaskClient:
    """A reporter of one of the east's villages."""
    return signed_in(EAST, Role.REPORTER, EAST_WILLOW)
