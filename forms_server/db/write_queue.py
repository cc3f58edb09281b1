"""The queue of writers of one database: a turn each, first the threads of a process, then the processes; with a limit.

SQLite has no queue: its busy handler polls with backoff, so under load the newest writers win and others starve. On
PostgreSQL, whose lock has one, only the threads of this process queue here, so that those that wait hold no connection.
"""

import fcntl
import os
import time
from collections import deque
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Event, Lock, Thread
from typing import Generic, TypeVar

from sqlalchemy.exc import TimeoutError

BUSY_SECONDS = 5.0
"""Longest wait of a request for the database, in all its transactions together."""

MOST_WAITING = 100
"""Writers of a process that may wait at once; the others are told at once, so that threads are left to read."""

Work = TypeVar("Work")

_left: ContextVar[list[float] | None] = ContextVar("huitoukan_patience", default=None)


def begin_patience() -> None:
    """Start a request: its transactions wait for ``BUSY_SECONDS`` together, not each."""
    _left.set([BUSY_SECONDS])


@dataclass(frozen=True)
class Turn(Generic[Work]):
    """A turn that is held."""

    left: float
    """Seconds of patience that are left."""
    handed_on: Work | None
    """What the writer before left to be finished."""


@dataclass(eq=False)
class _Next(Generic[Work]):
    """A thread that waits for its turn, which it is given with what is handed on."""

    joins: bool
    given: Event = field(default_factory=Event)
    handed_on: Work | None = None


class WriteQueue(Generic[Work]):
    """Turns to write.

    Args:
        file: locked for a turn, for a database that several processes write to; None where they queue elsewhere.
    """

    def __init__(self, file: str | None = None) -> None:
        self._guard = Lock()
        self._held = False
        self._waiting: deque[_Next[Work]] = deque()
        self._file = _FileTurns(file) if file else None
        self._descriptor: int | None = None

    def take(self, patience: float | None = None, *, joins: bool = False) -> Turn[Work]:
        """Take the turn, until ``release`` or ``hand_on``.

        Args:
            patience: seconds to wait; None for what the request has left, or ``BUSY_SECONDS``.
            joins: go on with what the writer before hands on.

        Raises:
            sqlalchemy.exc.TimeoutError: like a full pool.
            OSError: the queue's file can't be written.
        """
        shared = _left.get() if patience is None else None
        allowed = patience if patience is not None else shared[0] if shared else BUSY_SECONDS
        until = time.monotonic() + allowed
        try:
            handed_on = self._take(until, joins=joins)
        finally:
            left = max(until - time.monotonic(), 0.0)
            if shared:
                shared[0] = left
        return Turn(left, handed_on)

    def hand_on(self, work: Work) -> bool:
        """Give the turn with unfinished work to the next one, where that one joins; else the turn is kept."""
        with self._guard:
            if not self._waiting or not self._waiting[0].joins:
                return False
            self._give(work)
            return True

    def release(self) -> None:
        """Let the next one have the turn."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)
        with self._guard:
            if self._waiting:
                self._give(None)
            else:
                self._held = False

    def _give(self, work: Work | None) -> None:
        following = self._waiting.popleft()
        following.handed_on = work
        following.given.set()

    def _take(self, until: float, *, joins: bool) -> Work | None:
        handed_on = self._wait(until, joins=joins)
        if handed_on is None and self._file:
            try:
                self._descriptor = self._file.take(until)
            except BaseException:
                self.release()
                raise
        return handed_on

    def _wait(self, until: float, *, joins: bool) -> Work | None:
        """Wait for the other threads."""
        with self._guard:
            if not self._held:
                self._held = True
                return None
            if len(self._waiting) >= MOST_WAITING:
                raise TimeoutError("too many writers wait")
            mine = _Next[Work](joins)
            self._waiting.append(mine)
        if not mine.given.wait(max(until - time.monotonic(), 0.0)):
            with self._guard:
                if not mine.given.is_set():
                    self._waiting.remove(mine)
                    raise TimeoutError("other writers of this process take too long")
        return mine.handed_on


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
