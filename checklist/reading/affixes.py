"""Words before and behind a text, taken off."""

import re
from collections.abc import Iterable

_NOTE = re.compile(r"\([^()]*\)$")


def longest_first(words: Iterable[str]) -> list[str]:
    """Words in the order in which they must be tried, so that 社区居委会 comes before 居委会."""
    return sorted(words, key=len, reverse=True)


def without_openings(text: str, words: Iterable[str]) -> str:
    """The text without the words that it begins with, each perhaps with a colon, however many."""
    ordered = longest_first(words)
    while word := next((word for word in ordered if text.startswith(word)), ""):
        text = text.removeprefix(word).lstrip(":,")
    return text


def without_endings(text: str, words: Iterable[str]) -> str:
    """The text without the words that it ends with, however many."""
    ordered = longest_first(words)
    while word := next((word for word in ordered if text.endswith(word)), ""):
        text = text.removesuffix(word)
    return text


def without_note(text: str) -> str:
    """The text without the brackets at its end."""
    return _NOTE.sub("", text)
