"""Identity numbers (GB 11643) in the cells of lists: normalised and checked, or named for what is wrong with them.

A number lives as long as it takes to make a key of it; no refusal repeats a digit.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date

from checklist.read_result import Refusal
from checklist.reading.personal_numbers import identity_check, is_region

_DROPPED = re.compile(r"[\s'’‘`´′\"“”\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff·._-]+")
_LOOKS_LIKE_X = str.maketrans(dict.fromkeys("x×✕ХхΧχ", "X"))
_EXPONENT = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")
_PUPIL = re.compile(r"G(?=\d{17}[\dX]$)")
"""Before the identity number, the number of a pupil."""
_NUMBER = re.compile(r"\d{17}[\dX]", re.ASCII)
_OLD = re.compile(r"\d{15}", re.ASCII)
_DISABLED = re.compile(r"\d{17}[\dX]\d[\dB][\dB]?", re.ASCII)
"""A disability card: the identity number, kind and grade, perhaps that it was issued again."""
_FEWEST = 6
_LOST = "000"
"""How a number of 18 digits ends that a spreadsheet kept as a number: it holds 15 of them."""


@dataclass(frozen=True)
class IdentityNumber:
    """A checked number of 18 characters."""

    figures: str = field(repr=False)
    born: date = field(repr=False)

    def age_on(self, day: date) -> int:
        """Return the age in completed years."""
        before_birthday = (day.month, day.day) < (self.born.month, self.born.day)
        return day.year - self.born.year - before_birthday


def read_identity(cell: str | float) -> IdentityNumber | Refusal | None:
    """Return the number of a cell, what is wrong with it, or None for an empty cell."""
    if not isinstance(cell, str):
        return Refusal("identity-as-number")
    typed = unicodedata.normalize("NFKC", cell).strip()
    if _EXPONENT.fullmatch(typed):
        return Refusal("identity-as-number")
    text = _PUPIL.sub("", _DROPPED.sub("", typed).translate(_LOOKS_LIKE_X).upper())
    if not text:
        return None
    if sum(each.isdecimal() for each in text) < _FEWEST or not re.fullmatch("[0-9XB]+", text):
        return Refusal("identity-other")
    if _OLD.fullmatch(text):
        figures = f"{text[:6]}19{text[6:]}"
        text = figures + identity_check(figures)
    elif _DISABLED.fullmatch(text):
        text = text[:18]
    return _checked(text)


def _checked(text: str) -> IdentityNumber | Refusal:
    if not _NUMBER.fullmatch(text):
        return Refusal("identity-length", {"length": len(text)})
    if text.startswith("999999"):
        return Refusal("identity-placeholder")
    if not is_region(text):
        return Refusal("identity-region")
    try:
        born = date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return Refusal("identity-day")
    if identity_check(text[:17]) != text[17]:
        return Refusal("identity-as-number" if text.endswith(_LOST) else "identity-check")
    return IdentityNumber(text, born)
