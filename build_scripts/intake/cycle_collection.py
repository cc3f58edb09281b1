"""No search for cycles while many objects are made that have none: it would go through all of them over and over."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def no_search_for_cycles() -> Iterator[None]:
    """Puts the search off to the end of the block; also a decorator.

    It is the whole process's: of blocks at the same time the first one begins it again, which costs the others time
    and nothing else.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
