"""The queue of writers of one database: a turn each, first the threads of a process, then the processes; with a limit.

SQLite has no queue: its busy handler polls with backoff, so under load the newest writers win and others starve. On
PostgreSQL, whose lock has one, only the threads of this process queue here, so that those that wait hold no connection.
"""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Event, Lock, Thread

from sqlalchemy.exc import TimeoutError

BUSY_SECONDS = 5.0
"""Longest wait of a request for the database, in all its transactions together."""

MOST_WAITING = 100
"""Writers of a process that may wait at once; the others are told at once, so that threads are left to read."""

_left: ContextVar[list[float] | None] = ContextVar("huitoukan_patience", default=None)


def begin_patience() -> None:
    """Start a request: its transactions wait for ``BUSY_SECONDS`` together, not each."""
    _left.set([BUSY_SECONDS])


class WriteQueue:
    """Turns to write.

    Args:
        file: locked for a turn, for a database that several processes write to; None where they queue elsewhere.
    """

    def __init__(self, file: str | None = None) -> None:
        self._threads = Lock()
        self._places = BoundedSemaphore(MOST_WAITING)
        self._file = _FileTurns(file) if file else None

    @contextmanager
    def turn(self, patience: float | None = None) -> Iterator[float]:
        """Hold the turn; gives the seconds of patience that are left.

        Args:
            patience: seconds to wait; None for what the request has left, or ``BUSY_SECONDS``.

        Raises:
            sqlalchemy.exc.TimeoutError: like a full pool.
            OSError: the queue's file can't be written.
        """
        shared = _left.get() if patience is None else None
        allowed = patience if patience is not None else shared[0] if shared else BUSY_SECONDS
        until = time.monotonic() + allowed
        try:
            descriptor = self._take(until)
        finally:
            left = max(until - time.monotonic(), 0.0)
            if shared:
                shared[0] = left
        try:
            yield left
        finally:
            if descriptor is not None:
                os.close(descriptor)
            self._threads.release()

    def _take(self, until: float) -> int | None:
        self._wait(until)
        try:
            return self._file.take(until) if self._file else None
        except BaseException:
            self._threads.release()
            raise

    def _wait(self, until: float) -> None:
        """Wait for the other threads."""
        if self._threads.acquire(blocking=False):
            return
        if not self._places.acquire(blocking=False):
            raise TimeoutError("too many writers wait")
        try:
            if not self._threads.acquire(timeout=max(until - time.monotonic(), 0.0)):
                raise TimeoutError("other writers of this process take too long")
        finally:
            self._places.release()


@dataclass
class _Waiting:
    """A thread that waits for the file's lock, and whether somebody still wants it."""

    guard: Lock = field(default_factory=Lock)
    granted: Event = field(default_factory=Event)
    wanted: bool = True
    descriptor: int = -1


class _FileTurns:
    """The lock of a file, in the kernel's order, with a limit; the kernel releases it for a killed process.

    The system's call has an order or a limit, not both: where the lock is taken, a thread waits in order, and who
    wants it waits for the thread. One that is given up is used by the next who comes.
    """

    def __init__(self, file: str) -> None:
        self._name = file
        self._given_up: _Waiting | None = None

    def take(self, until: float) -> int:
        """Take the lock; returns the descriptor that holds it."""
        # Reopened for each turn: a descriptor from before a fork would share one lock between the processes.
        descriptor = os.open(self._name, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o666)
        waiting = self._again()
        if waiting is None:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                waiting = _Waiting(descriptor=descriptor)
                Thread(target=_wait_for_lock, args=(waiting,), name=self._name, daemon=True).start()
            else:
                return descriptor
        else:
            os.close(descriptor)
        if waiting.granted.wait(max(until - time.monotonic(), 0.0)):
            return waiting.descriptor
        with waiting.guard:
            if waiting.granted.is_set():
                return waiting.descriptor
            waiting.wanted = False
        self._given_up = waiting
        raise TimeoutError("another process takes too long to write")

    def _again(self) -> _Waiting | None:
        """The thread that still waits for one who gave up, wanted again."""
        waiting, self._given_up = self._given_up, None
        if waiting is None:
            return None
        with waiting.guard:
            if waiting.descriptor < 0:  # got it, and let it go
                return None
            waiting.wanted = True
        return waiting


def _wait_for_lock(waiting: _Waiting) -> None:
    fcntl.flock(waiting.descriptor, fcntl.LOCK_EX)
    with waiting.guard:
        if waiting.wanted:
            waiting.granted.set()
        else:
            os.close(waiting.descriptor)
            waiting.descriptor = -1
