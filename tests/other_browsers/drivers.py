"""Firefox by WebDriver BiDi and WebKitGTK by WebDriver, each reduced to: open an address, run a script, close.

Playwright brings patched builds of both from its own servers; these are the system's packages as readers have them.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import websocket

NAMES = {"firefox": ("firefox-esr", "firefox"), "webkit": ("WebKitWebDriver",)}
MINI_BROWSERS = ("webkitgtk-6.0/MiniBrowser", "webkit2gtk-4.1/MiniBrowser", "webkit2gtk-4.0/MiniBrowser")
QUIET = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "browser.newtabpage.enabled": False,
    "browser.safebrowsing.downloads.remote.enabled": False,
    "browser.safebrowsing.malware.enabled": False,
    "browser.safebrowsing.phishing.enabled": False,
    "browser.search.update": False,
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "extensions.getAddons.cache.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "extensions.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "network.dns.disablePrefetch": True,
    "services.settings.server": "data:,",
    "toolkit.telemetry.server": "data:,",
}
"""What keeps Firefox from asking its makers for anything."""
_TIMEOUT = 60
_WAIT = threading.Event()


class ScriptFailed(Exception):
    """The page threw, or went away while the script ran."""


class Driver(Protocol):
    """A browser with one page."""

    def open(self, address: str) -> None:
        """Go to an address and wait until it is loaded."""

    def run(self, body: str) -> Any:
        """Run the body of an async function in the page; returns what it returns, as JSON has it."""

    def cookie(self, address: str, name: str, value: str) -> None:
        """Give the browser a cookie for that server."""

    def until(self, body: str, seconds: float = 30) -> Any:
        """Run a body again until it returns something; whatever fails while pages change counts as nothing."""
        found = None
        for _ in range(int(seconds / 0.05)):
            with suppress(ScriptFailed):
                found = self.run(body)
            if found:
                return found
            _WAIT.wait(0.05)
        raise AssertionError(f"never true: {body}\n{self.run('return document.body.innerText')}")


def installed(name: str) -> str | None:
    """Path of a browser's program; None where it, or what it needs, is not installed."""
    path = next(filter(None, map(shutil.which, NAMES[name])), None)
    if name == "webkit" and not (_mini_browser() and shutil.which("Xvfb")):
        return None
    return path


@contextmanager
def browser(name: str, profile: Path) -> Iterator[Driver]:
    """A running browser of that name with an empty profile; ended at the end of the block."""
    with {"firefox": _firefox, "webkit": _webkit}[name](profile) as driver:
        yield driver


class _Firefox(Driver):
    def __init__(self, address: str) -> None:
        self._socket = websocket.create_connection(
            f"{address}/session", timeout=_TIMEOUT, suppress_origin=True
        )
        self._numbers = count(1)
        self._call("session.new", capabilities={})
        self._page = self._call("browsingContext.getTree")["contexts"][0]["context"]

    def _call(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while (answer := json.loads(self._socket.recv())).get("id") != number:
            pass
        if answer["type"] == "error":
            raise ScriptFailed(answer["message"])
        return answer["result"]

    def open(self, address: str) -> None:
        self._call("browsingContext.navigate", context=self._page, url=address, wait="complete")

    def run(self, body: str) -> Any:
        expression = f"(async () => JSON.stringify(await (async () => {{ {body} }})() ?? null))()"
        target = {"context": self._page}
        said = self._call("script.evaluate", expression=expression, target=target, awaitPromise=True)
        if said["type"] == "exception":
            raise ScriptFailed(said["exceptionDetails"]["text"])
        return json.loads(said["result"]["value"])

    def cookie(self, address: str, name: str, value: str) -> None:
        host = str(urlsplit(address).hostname)
        said = {"name": name, "value": {"type": "string", "value": value}, "domain": host, "httpOnly": True}
        self._call("storage.setCookie", cookie=said)

    def close(self) -> None:
        self._socket.close()


@contextmanager
def _firefox(profile: Path) -> Iterator[Driver]:
    program = installed("firefox")
    assert program
    profile.mkdir(parents=True, exist_ok=True)
    prefs = (f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in QUIET.items())
    (profile / "user.js").write_text("\n".join(prefs), encoding="utf-8")
    command = [
        program,
        "--headless",
        "--no-remote",
        "--profile",
        str(profile),
        "--remote-debugging-port",
        "0",
    ]
    with _process(command, stderr=subprocess.PIPE) as process:
        address = _first_match(process.stderr, r"ws://\S+")
        driver = _Firefox(address)
        threading.Thread(target=process.stderr.read, daemon=True).start()  # else it would wait for a reader
        try:
            yield driver
        finally:
            driver.close()


class _WebKit(Driver):
    def __init__(self, address: str) -> None:
        self._address = address
        options = {"binary": _mini_browser(), "args": ["--automation"]}
        wanted = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        self._session = f"/session/{self._call('/session', capabilities=wanted)['sessionId']}"

    def _call(self, path: str, **params: Any) -> Any:
        request = urllib.request.Request(  # noqa: S310 - this machine's own driver
            self._address + path, json.dumps(params).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request, timeout=_TIMEOUT) as answer:  # noqa: S310
                return json.load(answer)["value"]
        except urllib.error.HTTPError as error:
            with error:
                raise ScriptFailed(error.read().decode()) from error

    def open(self, address: str) -> None:
        self._call(f"{self._session}/url", url=address)

    def run(self, body: str) -> Any:
        script = f"return (async () => {{ {body} }})()"
        return self._call(f"{self._session}/execute/sync", script=script, args=[])

    def cookie(self, address: str, name: str, value: str) -> None:
        self.open(f"{address}/sign-in")  # a cookie is for the page that is open
        self._call(f"{self._session}/cookie", cookie={"name": name, "value": value, "httpOnly": True})


@contextmanager
def _webkit(profile: Path) -> Iterator[Driver]:
    program = installed("webkit")
    assert program
    with ExitStack() as stack:
        screen = ["Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
        display = stack.enter_context(_process(screen, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL))
        folders = {f"XDG_{kind}_HOME": str(profile / kind) for kind in ("DATA", "CACHE", "CONFIG")}
        environment = {
            "DISPLAY": f":{display.stdout.readline().strip()}",
            "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
            "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # pages of this test only; containers allow no other
            **folders,
        }
        port = _free_port()
        stack.enter_context(_process([program, f"--port={port}"], environment))
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/status")
        yield _WebKit(address)


def _mini_browser() -> str | None:
    found = (path for name in MINI_BROWSERS for path in Path("/usr/lib").glob(f"*/{name}"))
    return next(map(str, found), None)


@contextmanager
def _process(
    command: list[str], environment: Mapping[str, str] = {}, **pipes: int
) -> Iterator["subprocess.Popen[str]"]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, text=True, **pipes)  # type: ignore[call-overload]
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe:
                pipe.close()


def _first_match(lines: Any, pattern: str) -> str:
    for line in lines:
        if found := re.search(pattern, line):
            return found[0]
    raise AssertionError(f"ended without {pattern}")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(address: str) -> None:
    for _ in range(400):
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):  # noqa: S310
            return
        _WAIT.wait(0.05)
    raise AssertionError(f"nobody answers at {address}")
