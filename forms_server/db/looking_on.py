"""Keeps a request from writing while the office looks on as somebody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_looks_on: ContextVar[bool] = ContextVar("huitoukan_looks_on", default=False)


class LookingOn(Exception):
    """Nothing may be written: the office looks on as another account."""


def begin_request(*, looks_on: bool) -> None:
    """Say at the start of each request whether it only looks on: threads serve one after the other."""
    _looks_on.set(looks_on)


def require_writer() -> None:
    """Refuse to write in a request that only looks on.

    Raises:
        LookingOn: it does.
    """
    if _looks_on.get():
        raise LookingOn


@contextmanager
def as_oneself() -> Iterator[None]:
    """Write what the viewer leaves behind under its own name: that it looked on, and what it read."""
    before = _looks_on.get()
    _looks_on.set(False)
    try:
        yield
    finally:
        _looks_on.set(before)
