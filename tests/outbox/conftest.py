"""Fixtures: a server whose line breaks at will, and a phone's browser with a profile that survives being killed."""

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import update
from werkzeug.serving import make_server

from checklist.model import Campaign
from forms_server.account import Role
from forms_server.accounts import account_store, passwords, sessions
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.db.migrate import migrate
from forms_server.server_settings import Config
from forms_server.web.app import create_app
from tests.browsers import QUIET, system_browser
from tests.builders import EAST, small_campaign

BAD_GATEWAY = "502"
"""The front answers in the server's place."""
DOWN = "down"
"""As ``BAD_GATEWAY``, pages too."""
STORED_UNTOLD = "stored, untold"
"""The server stores what was sent, and its answer never arrives."""
AWAY = "away"
"""Nothing reaches the server, pages neither."""

_HASH = passwords.hash_password("qiu-shou-2022-ok")


@dataclass
class Line:
    """The line to the server; ``fault`` is what happens to posts, and to all else when it is ``AWAY``."""

    app: Flask
    fault: str = ""
    posts: list[str] = field(default_factory=list)
    address: str = ""

    def __call__(self, environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        """Answer a request as WSGI has it."""
        if self.fault == AWAY:
            with suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        if self.fault == DOWN:
            return self._bad_gateway(environ, start)
        if environ["REQUEST_METHOD"] != "POST" or "/draft" in environ["PATH_INFO"]:
            return self.app(environ, start)
        self.posts.append(environ["PATH_INFO"])
        if self.fault == BAD_GATEWAY:
            return self._bad_gateway(environ, start)
        if self.fault == STORED_UNTOLD:
            b"".join(self.app(environ, lambda *_: None))
            with suppress(OSError):
                environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            return []
        return self.app(environ, start)

    @staticmethod
    def _bad_gateway(environ: dict[str, Any], start: Callable[..., Any]) -> Any:
        environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start("502 Bad Gateway", [("Content-Type", "text/html")])
        return [b"<html><h1>502 Bad Gateway</h1></html>"]

    def token(self, name: str, role: Role = Role.REPORTER) -> str:
        """A new session of an account of the eastern township, which is made if there is none."""
        services = self.app.extensions["huitoukan"]
        now = services.clock.now()
        with transaction(services.engine) as connection:
            account = account_store.find_by_name(connection, name)
            if account is None:
                new = account_store.NewAccount(name, EAST, role, None, name)
                account_store.add(connection, now, None, new, _HASH, must_change_password=False)
                account = account_store.find_by_name(connection, name)
            assert account is not None
            return sessions.start(connection, now, account.id, timedelta(days=7), "browser")

    def end_sessions(self, name: str, *, disable: bool = False) -> None:
        """Sign an account out on all devices; disable it, too."""
        with transaction(self.app.extensions["huitoukan"].engine) as connection:
            account = account_store.find_by_name(connection, name)
            assert account is not None
            sessions.end_all(connection, account.id)
            if disable:
                of = tables.account.c.id == account.id
                connection.execute(update(tables.account).where(of).values(disabled=True))


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    """Of the server; a module may have another one."""
    return small_campaign()


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory, campaign: Campaign) -> Iterator[Line]:
    """A running server over an empty database, with the real time."""
    home = tmp_path_factory.mktemp("outbox")
    config = Config(checklist=home, home=home, database=f"sqlite:///{home}/test.sqlite3")
    app = create_app(config, campaign)
    migrate(app.extensions["huitoukan"].engine)
    wire = Line(app)
    server = make_server("127.0.0.1", 0, wire, threaded=True)
    wire.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield wire
    server.shutdown()
    thread.join()
    app.extensions["huitoukan"].engine.dispose()


@dataclass
class Phone:
    """A browser with a profile on disk."""

    browser: Browser
    profile: Path
    line: Line
    context: BrowserContext | None = None

    def open(self) -> BrowserContext:
        """Start it."""
        context = self.browser.browser_type.launch_persistent_context(
            self.profile,
            executable_path=system_browser(),
            args=[*QUIET, "--host-resolver-rules=MAP office.test 127.0.0.1"],
            base_url=self.line.address,
            viewport={"width": 390, "height": 844},
        )
        context.set_default_timeout(15000)
        self.context = context
        return context

    def sign_in(self, name: str) -> None:
        """Sign in as an account, in place of whoever was."""
        assert self.context
        token = self.line.token(name)
        self.context.add_cookies([{"name": "huitoukan", "value": token, "url": self.line.address}])

    def kill(self) -> None:
        """End all its processes at once, as an empty battery does."""
        assert self.context
        for process in _processes_of(self.profile):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        with suppress(Exception):
            self.context.close()
        self.context = None

    @property
    def page(self) -> Page:
        """A new page of it."""
        assert self.context
        return self.context.new_page()

    def close(self) -> None:
        """Close it."""
        if self.context:
            self.context.close()
            self.context = None


def _processes_of(profile: Path) -> list[int]:
    """The processes that name this profile on their command line."""
    found = []
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            with suppress(OSError):
                if str(profile).encode() in (folder / "cmdline").read_bytes():
                    found.append(int(folder.name))
    return found


@pytest.fixture
def phone(browser: Browser, tmp_path: Path, line: Line) -> Iterator[Phone]:
    """A phone whose browser is open and signed in."""
    line.fault = ""
    phone = Phone(browser, tmp_path / "profile", line)
    phone.open()
    phone.sign_in("填报人")
    yield phone
    phone.close()


@contextmanager
def within(seconds: float) -> Iterator[Callable[[], bool]]:
    """A clock for loops that wait for the database: false once the time is over."""
    end = time.monotonic() + seconds
    yield lambda: time.monotonic() < end
