"""The message catalogue: one sentence for each thing that can be wrong, the same in form, workbook and command line."""

import string
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_LONGEST = 40
_MOST = 20
"""Entries of a list: whoever may choose among these must see them all."""


class _Formatter(string.Formatter):
    """Fills a template so that whatever a person typed stays short and harmless."""

    def format_field(self, value: Any, format_spec: str) -> str:
        """One value as words: what was typed is cut and made visible, a list is joined with 、."""
        if isinstance(value, str):
            return _shown(value)
        if isinstance(value, Sequence):
            more = "等" if len(value) > _MOST else ""
            return "、".join(_shown(str(word)) for word in value[:_MOST]) + more
        return format(value, format_spec)


def _shown(text: str) -> str:
    """Text that is safe to print in one line: control and bidi characters become □, and the end is cut."""
    cut = text if len(text) <= _LONGEST else text[:_LONGEST] + "…"
    return "".join(letter if letter.isprintable() or letter == "　" else "□" for letter in cut)


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """Every code with its ``text`` (what is wrong) and ``remedy`` (what to write), as ``messages.yml`` has them."""
    messages: dict[str, dict[str, str]] = yaml.safe_load(
        Path(__file__).with_name("messages.yml").read_text(encoding="utf-8")
    )
    return messages


def say(code: str, **params: object) -> str:
    """The sentence for a code: what is wrong, then what to write instead.

    Strings among ``params`` are cut at 40 characters; sequences are joined with 、. Params that the template does
    not name are left out.

    Raises:
        KeyError: the catalogue has no such code, or its template needs a param that was not given.
    """
    message = catalogue()[code]
    fill = _Formatter()
    return f"{fill.vformat(message['text'], (), params)}；{fill.vformat(message['remedy'], (), params)}。"
