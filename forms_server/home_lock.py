"""Locks on a home: many servers, or one restore; one upgrade. The kernel releases it for killed processes."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE, _UPGRADE = ".in-use", ".upgrading"


class InUse(Exception):
    """The data is in use; the message says by what, and what to do."""


@contextmanager
def serving(home: Path) -> Iterator[None]:
    """Hold the shared lock, as a server.

    Raises:
        InUse: a restore is running.
    """
    with _locked(home, fcntl.LOCK_SH, "正在恢复数据，请等 huitoukan restore 结束再启动服务"):
        yield


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """Hold the exclusive lock, as a restore.

    Raises:
        InUse: a server or another restore is running.
    """
    with _locked(home, fcntl.LOCK_EX, "服务还在运行：请先停止 huitoukan serve，再恢复数据"):
        yield


@contextmanager
def upgrading(home: Path) -> Iterator[None]:
    """Hold the lock of an upgrade: servers go on reading, and refuse to write.

    Raises:
        InUse: another upgrade is running.
    """
    with _locked(home, fcntl.LOCK_EX, "另一个 huitoukan upgrade 正在运行，请等它结束", _UPGRADE):
        yield


def is_upgrading(home: Path) -> bool:
    """Whether an upgrade is running."""
    try:  # for every write: without objects around path and file
        file = os.open(f"{home}/{_UPGRADE}", os.O_RDONLY | os.O_CLOEXEC)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(file)
    return False


@contextmanager
def _locked(home: Path, kind: int, refusal: str, name: str = _FILE) -> Iterator[None]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / name).open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(refusal) from error
        yield
