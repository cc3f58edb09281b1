"""Detection of personal numbers in text: identity cards, mobile phones, bank cards. They are never stored.

Digits of any script (１, ١) count, with blanks, hyphens or dots between them. Lookalikes pass: project numbers of 20
digits, village codes of 12, amounts, document numbers, dates.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from checklist.read_result import Refusal

_BETWEEN = "[ \\t\u00a0\u2000-\u200f\u2060\u3000\ufeff.·•_—–‐‑−－-]{0,3}"
_MAY_HOLD = re.compile(rf"(?:\d{_BETWEEN}){{10}}\d|已隐去〕")
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d)*(?:{_BETWEEN}[XxＸｘ](?![A-Za-z0-9]))?")
_GROUP = re.compile(r"\d+|[XxＸｘ]")
_AMOUNT = re.compile(r"(?:\.\d+)?\s*[十百千万亿]*元")
_DATE = re.compile(r"(?:19|20)\d\d[.\-—–]\d{1,2}[.\-—–]\d{1,2}")

_REGION = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_YEARS = range(1800, 2100)
_LIKELY_YEARS = range(1900, 2040)
"""Years of birth accepted with a wrong check digit: mistyped or truncated numbers count as well."""
_OLD_YEARS = range(1910, 2000)
"""Years of birth on cards of 15 digits, last issued in 1999."""
_ISSUERS = ("62", "9558", "60138")
"""Prefixes of Chinese bank card numbers."""
_CARD_GROUPS = ((4, 4, 4, 4), (4, 4, 4, 4, 3), (6, 13), (6, 10), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1))
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}", re.ASCII)

_TAKEN_OUT = re.compile("〔(身份证号|手机号|银行卡号)已隐去〕")
_EXPONENT = re.compile(r"\d\.\d{8,}[eE]\+?1[3-9]")
"""What a spreadsheet shows of a long number; the first digits tell region and birthday."""
_LONG = 1e14
_ID = re.compile(
    "(?<![0-9A-Za-z])(?=[0-9-]*[a-f])(?:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{24,})(?![0-9A-Za-z])"
)
"""Ids of records and checksums of their versions: one in some hundreds has digits that by chance read as a number."""
PERSONAL_NUMBER = "personal-number"
"""The code of the refusal."""

_SHORTEST = 11
"""Characters of the shortest such number."""


class NumberKind(StrEnum):
    """The kind of a number; the value is its name in messages."""

    IDENTITY = "身份证号"
    MOBILE = "手机号"
    BANK_CARD = "银行卡号"


@dataclass(frozen=True)
class PersonalNumber:
    """A personal number's kind and position; never the number itself."""

    kind: NumberKind
    start: int
    end: int


may_hold = _MAY_HOLD.search
"""Return whether a text has enough digits for such a number: the fast path for most texts."""


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Return all personal numbers of a text, in order; marks of taken out ones count, digits of ids don't."""
    found = sorted(_found(text), key=lambda each: each.start) if may_hold(text) else []
    if not found:
        return []
    ids = [each.span() for each in _ID.finditer(text)]
    return [each for each in found if not any(start <= each.start < end for start, end in ids)]


def refuse_personal_numbers(text: str) -> Refusal | None:
    """Return the refusal of a text with a personal number, without repeating it; None if there is none."""
    found = find_personal_numbers(text)
    if not found:
        return None
    return Refusal(PERSONAL_NUMBER, {"kind": found[0].kind.value, "position": found[0].start + 1})


def mask(text: str) -> str:
    """Mask every digit of each such number with a star."""
    for number in find_personal_numbers(text):
        hidden = re.sub(r"[\dXxＸｘ]", "*", text[number.start : number.end])
        text = text[: number.start] + hidden + text[number.end :]
    return text


def masked(value: Any) -> Any:
    """Mask the personal numbers in all texts of a JSON value; ids made of hexadecimal digits stay as they are."""
    if isinstance(value, str):
        kept = len(value) < _SHORTEST or not may_hold(value)
        return value if kept else mask(value)
    if value is None or isinstance(value, int | float):
        return value
    if isinstance(value, dict | Mapping):  # a dict is seen as one at once
        return {key: masked(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [masked(each) for each in value]
    return value


def take_out(cell: str | float) -> str | float:
    """Return a cell with a mark in place of each such number: it is refused as the number was, and tells nothing."""
    if isinstance(cell, str):
        text = _EXPONENT.sub(mark_in_place_of(NumberKind.IDENTITY), cell)
        return _marked(text) if may_hold(text) else text
    plain = f"{cell:.0f}" if abs(cell) >= _LONG else ""
    if _may_be_identity(plain):
        return mark_in_place_of(NumberKind.IDENTITY)
    return _marked(plain) if find_personal_numbers(plain) else cell


def kept_text(text: str) -> str:
    """Return a typed text that is to be sent again, with a mark in place of each personal number; ids stay."""
    return text if masked(text) == text else str(take_out(text))


def is_region(figures: str) -> bool:
    """Return whether digits begin as those of a region of China do."""
    return bool(_REGION.match(figures))


def identity_check(figures: str) -> str:
    """Compute the check digit of an identity number from the 17 before it (GB 11643)."""
    total = sum(int(figure) * weight for figure, weight in zip(figures, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _marked(text: str) -> str:
    for number in reversed(find_personal_numbers(text)):
        text = text[: number.start] + mark_in_place_of(number.kind) + text[number.end :]
    return text


def mark_in_place_of(kind: NumberKind) -> str:
    """Return what stands for a number that was taken out."""
    return f"〔{kind.value}已隐去〕"


def _may_be_identity(figures: str) -> bool:
    """Return whether a number of 18 digits may be an identity number whose last ones a spreadsheet has lost."""
    return len(figures) == 18 and is_region(figures) and _is_day(figures[6:14], _LIKELY_YEARS)


def _found(text: str) -> Iterator[PersonalNumber]:
    for mark in _TAKEN_OUT.finditer(text):
        yield PersonalNumber(NumberKind(mark[1]), mark.start(), mark.end())
    for run in _RUN.finditer(text):
        groups = list(_GROUP.finditer(text, run.start(), run.end()))
        first = 0
        while first < len(groups):
            number = _beginning_at(text, groups[first:])
            if number is None:
                first += 1
                continue
            yield number
            first += sum(group.start() < number.end for group in groups[first:])


def _beginning_at(text: str, groups: Sequence[re.Match[str]]) -> PersonalNumber | None:
    """Find the number that begins with the first group of digits and ends with one of the groups."""
    figures = ""
    for at, group in enumerate(groups, 1):
        figures += _plain(group.group())
        if len(figures) > 19:
            return None
        start, end = groups[0].start(), group.end()
        kind = _kind(figures, [len(each.group()) for each in groups[:at]])
        if kind and not (kind is NumberKind.MOBILE and _is_other(text, start, end)):
            return PersonalNumber(kind, start, end)
    return None


def _kind(figures: str, lengths: Sequence[int]) -> NumberKind | None:
    """Classify digits written in groups of these lengths."""
    if _is_identity(figures):
        return NumberKind.IDENTITY
    if _is_bank_card(figures) and _is_card_like(lengths):
        return NumberKind.BANK_CARD
    if _MOBILE.fullmatch(figures) and _is_mobile_like(lengths):
        return NumberKind.MOBILE
    return None


def _is_identity(figures: str) -> bool:
    """Return whether region, birthday and check digit are those of an identity card."""
    if not _REGION.match(figures) or not figures[:-1].isdigit():
        return False
    if len(figures) == 15 and figures.isdigit():
        return _is_day(f"19{figures[6:12]}", _OLD_YEARS)
    if len(figures) != 18:
        return False
    checked = identity_check(figures[:17]) == figures[17]
    return _is_day(figures[6:14], _YEARS if checked else _LIKELY_YEARS)


def _is_day(figures: str, years: range) -> bool:
    try:
        return date(int(figures[:4]), int(figures[4:6]), int(figures[6:8])).year in years
    except ValueError:
        return False


def _is_bank_card(figures: str) -> bool:
    """Return whether prefix and check digit (Luhn) are those of a bank card."""
    if not (16 <= len(figures) <= 19 and figures.isdigit() and figures.startswith(_ISSUERS)):
        return False
    doubled = [int(figure) * (1 + at % 2) for at, figure in enumerate(reversed(figures))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_card_like(lengths: Sequence[int]) -> bool:
    return len(lengths) == 1 or tuple(lengths) in _CARD_GROUPS or set(lengths) == {1}


def _is_mobile_like(lengths: Sequence[int]) -> bool:
    """Return whether the groups are those of a phone number: 139 0000 1111, and not of a count beside a date."""
    country = 1 if lengths[0] in (2, 4) else 0
    return len(lengths) == 1 or set(lengths) == {1} or lengths[country] >= 3


def _is_other(text: str, start: int, end: int) -> bool:
    """Return whether the digits of a phone number belong to an amount, dates, or decimals."""
    decimals = text[max(start - 2, 0) : start]
    return bool(
        _AMOUNT.match(text, end)
        or _DATE.search(text, start, end)
        or (decimals.endswith(".") and decimals[0].isdigit())
    )


def _plain(group: str) -> str:
    """Convert digits of any script to ASCII, and x to upper case."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else "X" for each in group)
