"""The form server over a campaign of the tests."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from flask import Flask

from forms_server.db.migrate import migrate
from forms_server.server_settings import Config
from forms_server.web.app import create_app
from tests.server.pages import PageChecker


@contextmanager
def served(checklist: Path, home: Path, database: str, now: datetime) -> Iterator[Flask]:
    """The application over a new database, its clock standing still, with a client that checks every page."""
    app = create_app(Config(checklist=checklist, home=home, database=database, demo=True, now=now))
    app.testing = True
    app.test_client_class = PageChecker
    engine = app.extensions["huitoukan"].engine
    migrate(engine)
    yield app
    engine.dispose()
