"""Finds things by any spelling of their names: exactly, or nearly."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import takewhile

_SUGGESTIONS = 3


class NameIndex:
    """Spellings to the ids that they may mean."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Takes pairs of an id and the spellings (keys) of its names; an id may come more than once."""
        ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for entry, spellings in entries:
            for spelling in spellings:
                ids[spelling][entry] = None
        self._ids = {spelling: tuple(found) for spelling, found in ids.items() if spelling}

    def find(self, key: str) -> tuple[str, ...]:
        """The ids that a key means: none, one, or several where it is ambiguous."""
        return self._ids.get(key, ())

    def near(self, key: str, *, alone: bool = False) -> tuple[str, ...]:
        """Ids whose names hold the key, are held by it or differ in one character; the likest first, three at most.

        Args:
            key: what nothing was found by.
            alone: to leave out spellings that mean several things: whoever writes one of these would be asked again.
        """
        if len(key) < 2:
            return ()
        spellings = {other for other in self._ids if len(other) > 1 and (other in key or key in other)}
        spellings.update(other for part in _shortened(key) for other in self._shortened.get(part, ()))
        if alone:
            spellings = {other for other in spellings if len(self._ids[other]) == 1}
        ranked = sorted(spellings, key=lambda other: _distance(key, other))
        found = dict.fromkeys(entry for other in ranked for entry in self._ids[other])
        return tuple(found)[:_SUGGESTIONS]

    @cached_property
    def _shortened(self) -> dict[str, list[str]]:
        """Every spelling under itself and under itself with any one character taken out."""
        under: defaultdict[str, list[str]] = defaultdict(list)
        for spelling in self._ids:
            for part in _shortened(spelling):
                under[part].append(spelling)
        return dict(under)


def _distance(key: str, other: str) -> tuple[float, int, str]:
    """Small for likeness, then for a common beginning, since a name's end is the commoner part."""
    beginning = takewhile(lambda pair: pair[0] == pair[1], zip(key, other, strict=False))
    return -SequenceMatcher(None, key, other).ratio(), -len(list(beginning)), other


def _shortened(text: str) -> Iterator[str]:
    yield text
    if len(text) > 2:
        yield from {text[:at] + text[at + 1 :] for at in range(len(text))}
