"""Removal of prefixes and suffixes."""

import re
from collections.abc import Iterable

_NOTE = re.compile(r"\([^()]*\)$")


def longest_first(words: Iterable[str]) -> list[str]:
    """Sort words so that the longest match wins: 社区居委会 before 居委会."""
    return sorted(words, key=len, reverse=True)


def without_openings(text: str, words: Iterable[str]) -> str:
    """Strip all prefixes from a text, each with an optional colon."""
    ordered = longest_first(words)
    while word := next((word for word in ordered if text.startswith(word)), ""):
        text = text.removeprefix(word).lstrip(":,")
    return text


def without_endings(text: str, words: Iterable[str]) -> str:
    """Strip all suffixes from a text."""
    ordered = longest_first(words)
    while word := next((word for word in ordered if text.endswith(word)), ""):
        text = text.removesuffix(word)
    return text


def without_note(text: str) -> str:
    """Strip trailing brackets from a text."""
    return _NOTE.sub("", text)
