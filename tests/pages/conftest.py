"""Fixtures: the server over the demonstration's data, and signed-in browsers."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from werkzeug.serving import make_server

from build_scripts.settings import PROJECT
from checklist.loading.loader import load_campaign
from forms_server.accounts import account_store, sessions
from forms_server.commands.demo_command import AFTER
from forms_server.db.engine import make_engine, transaction
from forms_server.db.migrate import migrate
from forms_server.demo.seed import seed
from forms_server.server_settings import Config
from forms_server.services import Services
from forms_server.web.app import create_app
from tests.examples import Place, Reader, places

CHECKLIST = PROJECT / "checklist" / "2022-huitoukan"


@dataclass(frozen=True)
class Demonstration:
    """A running server and what it serves."""

    app: Flask
    address: str

    @property
    def services(self) -> Services:
        """What the server works with."""
        services: Services = self.app.extensions["huitoukan"]
        return services

    def places(self, name: str) -> list[Place]:
        """Every page and file that an account may open."""
        with self.services.engine.connect() as connection:
            account = account_store.find_by_name(connection, name)
            assert account is not None
            return places(self.app, Reader(self.services, connection, account))

    @contextmanager
    def signed_in(
        self, browser: Browser, name: str, width: int = 390, *, scripts: bool = True
    ) -> Iterator[BrowserContext]:
        """A browser in which the account is signed in; ``scripts`` says whether it runs any."""
        with transaction(self.services.engine) as connection:
            account = account_store.find_by_name(connection, name)
            assert account is not None
            now = self.services.clock.now()
            token = sessions.start(connection, now, account.id, timedelta(days=1), "browser")
        context = browser.new_context(
            viewport={"width": width, "height": 844}, base_url=self.address, java_script_enabled=scripts
        )
        context.add_cookies([{"name": "huitoukan", "value": token, "url": self.address}])
        try:
            yield context
        finally:
            context.close()


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demonstration]:
    home = tmp_path_factory.mktemp("demonstration")
    campaign = load_campaign(CHECKLIST)
    now = campaign.notice.deadline.at + AFTER
    config = Config(
        checklist=CHECKLIST, home=home, database=f"sqlite:///{home}/demo.sqlite3", demo=True, now=now
    )
    engine = make_engine(config.database, config.audit_key())
    migrate(engine)
    with transaction(engine) as connection:
        seed(connection, campaign, now, "no password opens this")
    engine.dispose()
    app = create_app(config, campaign)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Demonstration(app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    server.server_close()
