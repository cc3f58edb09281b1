"""Ids of what the demonstration invents: the same each time, and of one kind each."""

import random
from uuid import UUID, uuid5


def invented_id(chance: random.Random, kind: str) -> str:
    """The next id of a kind; two kinds that draw from equal chances get different ones."""
    return str(uuid5(UUID(int=chance.getrandbits(128), version=4), kind))
