"""How each character of the index is read, so that the browser needs no dictionary of its own."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from itertools import accumulate
from typing import Any

from pypinyin import lazy_pinyin

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def readings_of(corpus: str) -> dict[str, Any]:
    """Pinyin without tones of all Chinese characters in ``corpus``.

    Returns:
        ``usual``: reading to the characters that are mostly read so; ``otherwise``: reading to the places where a
        character is read so against its usual reading, each as the distance from the place before it. Places count
        UTF-16 units, as the browser does.
    """
    found = list(_readings(corpus))
    usual = _usual(found)
    otherwise: defaultdict[str, list[int]] = defaultdict(list)
    for place, character, reading in found:
        if reading != usual[character]:
            otherwise[reading].append(place)
    by_reading: defaultdict[str, list[str]] = defaultdict(list)
    for character, reading in sorted(usual.items()):
        by_reading[reading].append(character)
    return {
        "usual": {reading: "".join(characters) for reading, characters in sorted(by_reading.items())},
        "otherwise": {reading: _steps(places) for reading, places in sorted(otherwise.items())},
    }


def _readings(corpus: str) -> Iterator[tuple[int, str, str]]:
    """Place, character and reading in context (长 is zhang in 增长, chang in 长效)."""
    units = list(accumulate((2 if character > "\uffff" else 1 for character in corpus), initial=0))
    for run in _HAN.finditer(corpus):
        for place, (character, reading) in enumerate(
            zip(run[0], lazy_pinyin(run[0]), strict=True), run.start()
        ):
            yield units[place], character, reading


def _usual(found: list[tuple[int, str, str]]) -> dict[str, str]:
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for _, character, reading in found:
        counts[character][reading] += 1
    return {
        character: min(each, key=lambda reading: (-each[reading], reading))
        for character, each in counts.items()
    }


def _steps(places: list[int]) -> list[int]:
    return [place - before for before, place in zip([0, *places], places, strict=False)]
