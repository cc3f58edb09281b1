"""The message catalogue: sentences on invalid data, the same in form, workbook and command line."""

import string
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LONGEST = 40
_MOST = 30
"""Maximum entries of a list: high enough to show all choices of a field."""


class _Formatter(string.Formatter):
    """Formatter that truncates and sanitises typed text."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """Format one value: text is truncated and sanitised, lists are joined with 、."""
        if isinstance(value, str):
            return _shown(value)
        if isinstance(value, Sequence):
            more = "等" if len(value) > _MOST else ""
            return "、".join(_shown(str(word)) for word in value[:_MOST]) + more
        return format(value, format_spec)


def _shown(text: str) -> str:
    """Make text safe to print in one line: control and bidi characters become □, long text is truncated."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(letter if letter.isprintable() or letter == "　" else "□" for letter in cut)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Load ``messages.yml``: code to ``text`` (what is wrong) and ``remedy`` (what to write); cached."""
    messages: dict[str, dict[str, str]] = yaml.load(
        Path(__file__).with_name("messages.yml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader
    )
    return messages


def say(code: str, **params: object) -> str:
    """Return the sentence for a code: what is wrong, then what to write instead.

    Strings among ``params`` are truncated at 40 characters; sequences are joined with 、. Unused params are ignored.

    Raises:
        KeyError: unknown code, or a param of its template is missing.
    """
    message = catalogue()[code]
    fill = _Formatter()
    return f"{fill.vformat(message['text'], (), params)}；{fill.vformat(message['remedy'], (), params)}。"
