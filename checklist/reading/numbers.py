"""Whole numbers as officials type them: 12个, １２, 十二, 1,024."""

import re

from checklist.chinese_numerals import NUMERALS, read_numeral
from checklist.model.reading import NumberWords
from checklist.read_result import Refusal
from checklist.text_normalisation import compact

_FIGURES = re.compile(r"([+-]?)(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.0+)?")
_FORMULA = re.compile(r"=|#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)", re.IGNORECASE)


def read_integer(text: str, words: NumberWords) -> int | Refusal:
    """Read a whole number: digits or a numeral, optionally with a counter or a full stop.

    Refuses what is not exact (约10), says more than one thing (12(含重复2), 2户5人), or is a formula.
    """
    plain = compact(text)
    if _FORMULA.match(plain):
        return Refusal("formula")
    bare = _without_counter(plain.rstrip("。."), words.counters)
    found = _FIGURES.fullmatch(bare) if bare.isascii() else None
    number = int(found.group(1) + found.group(2).replace(",", "")) if found else read_numeral(bare)
    if number is not None:
        return number
    if not re.search(f"[0-9{NUMERALS}]", plain):
        return Refusal("not-an-integer")
    if any(word in plain for word in words.approximate):
        return Refusal("approximate-number")
    return Refusal("number-with-note" if re.search("[0-9]", plain) else "not-an-integer")


def _without_counter(text: str, counters: tuple[str, ...]) -> str:
    """Strip one trailing counter."""
    counter = next((word for word in counters if text.endswith(word)), "")
    return text.removesuffix(counter)
