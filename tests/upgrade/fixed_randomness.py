"""Ids and secrets that are the same each time."""

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from unittest.mock import patch


@contextmanager
def fixed_randomness() -> Iterator[None]:
    """What draws bytes by chance gets the same ones in each such block."""
    chance = random.Random("upgrade")  # noqa: S311 - the same each time
    # SQLAlchemy names subqueries by chance, those of a kept query once a process: that moves nothing here.
    names = patch("sqlalchemy.sql.selectable.os", SimpleNamespace(urandom=os.urandom))
    with names, patch("os.urandom", chance.randbytes), patch("random._urandom", chance.randbytes):
        yield
