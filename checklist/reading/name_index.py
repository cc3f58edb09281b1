"""Index of names: exact and fuzzy look-up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from functools import cached_property
from itertools import takewhile

_SUGGESTIONS = 3


class NameIndex:
    """Spellings to the ids that they may mean."""

    def __init__(self, entries: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Build the index from pairs of an id and the keys of its names; ids may repeat."""
        ids: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for entry, spellings in entries:
            for spelling in spellings:
                ids[spelling][entry] = None
        self._ids = {spelling: tuple(found) for spelling, found in ids.items() if spelling}

    def find(self, key: str) -> tuple[str, ...]:
        """Return the ids of a key: none, one, or several if it is ambiguous."""
        return self._ids.get(key, ())

    def near(self, key: str, *, alone: bool = False) -> tuple[str, ...]:
        """Return the three best ids whose names contain the key, are contained in it or differ in one character.

        Args:
            key: one without exact match.
            alone: exclude ambiguous spellings, which would be refused again.
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
        """Every spelling, indexed by itself and by its single-character deletions."""
        under: defaultdict[str, list[str]] = defaultdict(list)
        for spelling in self._ids:
            for part in _shortened(spelling):
                under[part].append(spelling)
        return dict(under)


def _distance(key: str, other: str) -> tuple[float, int, str]:
    """Return the sort key: similarity, then common prefix, since names share their suffixes."""
    beginning = takewhile(lambda pair: pair[0] == pair[1], zip(key, other, strict=False))
    return -SequenceMatcher(None, key, other).ratio(), -len(list(beginning)), other


def _shortened(text: str) -> Iterator[str]:
    yield text
    if len(text) > 2:
        yield from {text[:at] + text[at + 1 :] for at in range(len(text))}
