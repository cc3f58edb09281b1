"""Shared/exclusive lock on a home: many servers, or one restore. The kernel releases it for killed processes."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_FILE = ".in-use"


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
def _locked(home: Path, kind: int, refusal: str) -> Iterator[None]:
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (home / _FILE).open("a") as file:
        try:
            fcntl.flock(file, kind | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise InUse(refusal) from error
        yield
