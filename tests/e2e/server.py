"""The real server as a subprocess over an empty database, controlled by the real command."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ONE_USE = "xqfh-7396-jmkp"
"""The one-use password that new accounts get here."""


@dataclass(frozen=True)
class Office:
    """A county office's machine: a folder for data, and the ``huitoukan`` command."""

    home: Path
    settings: dict[str, str]

    def run(self, *arguments: str, typed: str = "") -> str:
        """Run a command to its end; returns what it printed, and fails with what it complained of."""
        command = [sys.executable, "-m", "forms_server", *arguments]
        done = subprocess.run(
            command, env=self.environment, input=typed, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def add_account(self, name: str, unit: str, role: str) -> None:
        """Make an account whose one-use password is ``ONE_USE``."""
        self.run(
            "user", "add", name, "--unit", unit, "--role", role, "--password-stdin", typed=ONE_USE + "\n"
        )

    @property
    def environment(self) -> dict[str, str]:
        """This machine's environment without its own settings of ours, and with those of the office."""
        others = {name: value for name, value in os.environ.items() if not name.startswith("HUITOUKAN_")}
        return {**others, "HUITOUKAN_HOME": str(self.home), "PYTHONUNBUFFERED": "1", **self.settings}

    @contextmanager
    def serving(self) -> Iterator[str]:
        """The address of a running server; it is stopped at the end of the block."""
        command = [sys.executable, "-m", "forms_server", "serve", "--port", "0"]
        log = self.home / "server.log"
        with log.open("w") as errors:
            server = subprocess.Popen(
                command, env=self.environment, stdout=subprocess.PIPE, stderr=errors, text=True
            )
        with server:  # closes its pipe
            try:
                yield _address(server, log)
            finally:
                server.terminate()
                server.wait(30)


def _address(server: "subprocess.Popen[str]", log: Path) -> str:
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://[\d.:]+", line):
            return found[0]
    raise AssertionError(f"the server did not start: {log.read_text()}")


def new_office(home: Path, **settings: str) -> Office:
    """An office whose database has just been made."""
    office = Office(home, settings)
    office.run("init")
    return office
