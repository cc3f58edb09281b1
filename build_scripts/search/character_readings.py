"""Pinyin readings of the index's characters, so that the browser needs no dictionary."""

import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Any

from pypinyin import Style, lazy_pinyin, pinyin
from pypinyin.seg import mmseg

_COMMON = frozenset(
    bytes((high, low)).decode("gb2312")
    for high in range(0xB0, 0xD8)
    for low in range(0xA1, 0xFF if high < 0xD7 else 0xFA)
)
"""The 3,755 common characters of GB 2312, level one: what an input method offers where the right one is missed."""
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")


def readings_of(corpus: str) -> dict[str, Any]:
    """Return toneless pinyin of the characters in ``corpus``, and of common ones that may be typed for them.

    Returns:
        ``usual``: reading to the characters mostly read so in ``corpus``; ``also``: a character to its other readings,
        the likelier first. Any of them finds it: the dictionary's reading of a character in context (长 in 增长 and
        in 长效) is often right, not always.
    """
    counts = _in_context(corpus)
    usual: defaultdict[str, str] = defaultdict(str)
    also = {}
    for character in sorted(counts):
        first, *others = _readings(character, counts[character])
        usual[first] += character
        if others:
            also[character] = others
    for character in sorted(_COMMON - counts.keys()):
        usual[_spelt(character)[0]] += character
    return {"usual": dict(sorted(usual.items())), "also": also}


def _in_context(corpus: str) -> Mapping[str, Counter[str]]:
    """Count each character's readings."""
    counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for run, times in Counter(_HAN.findall(corpus)).items():
        for word in mmseg.seg.cut(run):
            for character, reading in zip(word, _spelt(word), strict=True):
                counts[character][reading] += times
    return counts


@cache
def _spelt(word: str) -> tuple[str, ...]:
    """Return the readings of a dictionary word; memoized."""
    return tuple(lazy_pinyin(word))


def _readings(character: str, counts: Counter[str]) -> list[str]:
    """Return all readings of a character, those met in the corpus first."""
    met = sorted(counts, key=lambda reading: (-counts[reading], reading))
    known = pinyin(character, style=Style.NORMAL, heteronym=True)[0]
    return list(dict.fromkeys([*met, *known]))
