"""Hints for unparsable YAML: typical mistakes of beginners."""

import re
from collections.abc import Iterator

from checklist.messages import say
from checklist.problems import Problem

_KEY = r"(?P<word>[A-Za-z_][\w-]*)"
_START = r"\s*(?:- +)*"

_SLIPS: tuple[tuple[str, str], ...] = (
    (r" *(?P<at>\t)", "yaml-tab"),
    (r"[ ]*(?P<at>[\u3000\u00a0])", "yaml-wide-space"),
    (rf"{_START}{_KEY}\s*(?P<at>：)", "yaml-wide-colon"),
    (r"\s*(?P<at>[—–－﹣−])\s*\w", "yaml-wide-dash"),
    (r"\s*(?P<at>-)[^\s\-.0-9]", "yaml-dash-space"),
    (rf"{_START}{_KEY}(?P<at>:)(?!//)\S", "yaml-colon-space"),
    (rf"{_START}(?:{_KEY}: +)?(?P<at>\")(?:[^\"\\]|\\.)*$", "yaml-unclosed"),
    (rf"{_START}(?:{_KEY}: +)?(?P<at>')[^']*$", "yaml-unclosed"),
    (rf"{_START}(?:{_KEY}: +)?(?P<at>\[)[^\]]*$", "yaml-unclosed"),
    (rf"{_START}(?:{_KEY}: +)?(?P<at>\{{)[^}}]*$", "yaml-unclosed"),
    (rf"{_START}{_KEY}: +(?![\"'\[{{|>#]).*?(?P<at>:) ", "yaml-colon-in-text"),
)
"""Patterns of lines, each with a message code; the group ``at`` is the mistake's place."""

_COMPILED = tuple((re.compile(pattern), code) for pattern, code in _SLIPS)
_OTHER_HALF = {'"': '"', "'": "'", "[": "]", "{": "}"}


def yaml_hints(text: str, file: str) -> Iterator[Problem]:
    """Return the first mistake of each line, as problems with places.

    Only for files that are not valid YAML: in valid ones these patterns are no mistakes.
    """
    for number, line in enumerate(text.splitlines(), 1):
        for pattern, code in _COMPILED:
            if (found := pattern.match(line)) and not line.lstrip().startswith("#"):
                at = found["at"]
                words = {"key_name": found.groupdict().get("word"), "mark": at, "other": _OTHER_HALF.get(at)}
                yield Problem(f"{file}:{number}:{found.start('at') + 1}", code, say(code, **words))
                break
