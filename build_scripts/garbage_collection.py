"""Suspension of the cyclic garbage collector while many acyclic objects are made."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def without_garbage_collection() -> Iterator[None]:
    """Suspend garbage collection until the end of the block; also a decorator.

    Process-wide: of concurrent blocks the first to end resumes it, which costs the others only time.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
