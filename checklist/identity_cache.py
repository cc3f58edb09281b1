"""Cache for what is made from models, by their identity: hashing a model hashes all of its content."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

Made = TypeVar("Made")


class IdentityCache(Generic[Made]):
    """Holds values up to ``most``; emptied when it is full.

    Args:
        most: how many, or how much they weigh together.
        weigh: the weight of a value, where some are much larger than others.
    """

    def __init__(self, most: int, weigh: Callable[[Made], int] = lambda _: 1) -> None:
        self._most, self._weigh = most, weigh
        self._weight = 0
        self._made: dict[tuple[Any, ...], tuple[tuple[object, ...], Made]] = {}

    def get(self, make: Callable[[], Made], models: tuple[object, ...], *others: Hashable) -> Made:
        """What was made for these models and other values, or what ``make`` makes now."""
        key = (*map(id, models), *others)
        known = self._made.get(key)
        if known is None:
            made = make()
            weight = self._weigh(made)
            if self._weight + weight > self._most:
                self._made.clear()
                self._weight = 0
            self._weight += weight
            known = self._made[key] = models, made  # the models are kept, so that no id is reused
        return known[1]
