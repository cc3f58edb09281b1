"""Cache for what is made from models, by their identity: hashing a model hashes all of its content."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class IdentityCache(Generic[Made]):
    """Holds up to ``most`` values; emptied when it is full.

    Args:
        most: how many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._made: dict[tuple[Any, ...], tuple[tuple[object, ...], Made]] = {}

    def get(self, make: Callable[[], Made], models: tuple[object, ...], *others: Hashable) -> Made:
        """What was made for these models and other values, or what ``make`` makes now."""
        key = (*map(id, models), *others)
        known = self._made.get(key)
        if known is None:
            if len(self._made) >= self._most:
                self._made.clear()
            known = self._made[key] = models, make()  # the models are kept, so that no id is reused
        return known[1]
