"""Numbers of persons in any text: identity cards, mobile telephones, bank cards. They are never stored.

Found in any figures (１, ١), with blanks, hyphens or dots between them. What only looks alike passes: project numbers
of 20 figures, village codes of 12, amounts, document numbers, dates.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from checklist.read_result import Refusal

_BETWEEN = "[ \\t\u00a0\u2000-\u200f\u2060\u3000\ufeff.·•_—–‐‑−－-]{0,3}"
_MAY_HOLD = re.compile(rf"(?:\d{_BETWEEN}){{10}}\d")
_RUN = re.compile(rf"\d(?:{_BETWEEN}\d)*(?:{_BETWEEN}[XxＸｘ](?![A-Za-z0-9]))?")
_GROUP = re.compile(r"\d+|[XxＸｘ]")
_AMOUNT = re.compile(r"(?:\.\d+)?\s*[十百千万亿]*元")
_DATE = re.compile(r"(?:19|20)\d\d[.\-—–]\d{1,2}[.\-—–]\d{1,2}")

_REGION = re.compile(r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}", re.ASCII)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_YEARS = range(1800, 2100)
_LIKELY_YEARS = range(1900, 2040)
"""Years of birth where the check digit is wrong: a number mistyped, or cut by a spreadsheet, is one all the same."""
_OLD_YEARS = range(1910, 2000)
"""Years of birth on cards of 15 figures: these were last issued in 1999."""
_ISSUERS = ("62", "9558", "60138")
"""How the numbers of Chinese bank cards begin."""
_CARD_GROUPS = ((4, 4, 4, 4), (4, 4, 4, 4, 3), (6, 13), (6, 10), (4, 4, 4, 4, 2), (4, 4, 4, 4, 1))
_MOBILE = re.compile(r"(?:00)?(?:86)?1[3-9]\d{9}", re.ASCII)


class NumberKind(StrEnum):
    """What a number is of; the value is what messages call it."""

    IDENTITY = "身份证号"
    MOBILE = "手机号"
    BANK_CARD = "银行卡号"


@dataclass(frozen=True)
class PersonalNumber:
    """A number of a person, and where it stands; never the number itself."""

    kind: NumberKind
    start: int
    end: int


may_hold = _MAY_HOLD.search
"""Whether a text has figures enough for such a number; most have not, and need no closer look."""


def find_personal_numbers(text: str) -> list[PersonalNumber]:
    """Every number of a person that a text holds, in order."""
    return list(_found(text)) if may_hold(text) else []


def refuse_personal_numbers(text: str) -> Refusal | None:
    """Why a text must not be stored, without repeating the number; None where it holds none."""
    found = find_personal_numbers(text)
    if not found:
        return None
    return Refusal("personal-number", {"kind": found[0].kind.value, "position": found[0].start + 1})


def mask(text: str) -> str:
    """The text with a star for every figure of each such number."""
    for number in find_personal_numbers(text):
        hidden = re.sub(r"[\dXxＸｘ]", "*", text[number.start : number.end])
        text = text[: number.start] + hidden + text[number.end :]
    return text


def identity_check(figures: str) -> str:
    """The last figure of an identity number, from the 17 before it (GB 11643)."""
    total = sum(int(figure) * weight for figure, weight in zip(figures, _WEIGHTS, strict=True))
    return _CHECKS[total % 11]


def _found(text: str) -> Iterator[PersonalNumber]:
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
    """The number that begins with the first group of figures, and ends with one of them."""
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
    """What these figures are, written in groups of these lengths."""
    if _is_identity(figures):
        return NumberKind.IDENTITY
    if _is_bank_card(figures) and _is_card_like(lengths):
        return NumberKind.BANK_CARD
    if _MOBILE.fullmatch(figures) and _is_mobile_like(lengths):
        return NumberKind.MOBILE
    return None


def _is_identity(figures: str) -> bool:
    """Whether region, birthday and check digit are those of an identity card."""
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
    """Whether it begins as a bank's cards do, and its last figure is right (Luhn)."""
    if not (16 <= len(figures) <= 19 and figures.isdigit() and figures.startswith(_ISSUERS)):
        return False
    doubled = [int(figure) * (1 + at % 2) for at, figure in enumerate(reversed(figures))]
    return sum(number // 10 + number % 10 for number in doubled) % 10 == 0


def _is_card_like(lengths: Sequence[int]) -> bool:
    return len(lengths) == 1 or tuple(lengths) in _CARD_GROUPS or set(lengths) == {1}


def _is_mobile_like(lengths: Sequence[int]) -> bool:
    """Whether the groups are those of a telephone number: 139 0000 1111, and not of a count beside a date."""
    country = 1 if lengths[0] in (2, 4) else 0
    return len(lengths) == 1 or set(lengths) == {1} or lengths[country] >= 3


def _is_other(text: str, start: int, end: int) -> bool:
    """Whether the figures of a mobile number are those of an amount, of dates, or behind a decimal point."""
    decimals = text[max(start - 2, 0) : start]
    return bool(
        _AMOUNT.match(text, end)
        or _DATE.search(text, start, end)
        or (decimals.endswith(".") and decimals[0].isdigit())
    )


def _plain(group: str) -> str:
    """Figures of any script as ASCII, and X as a capital."""
    return "".join(str(unicodedata.decimal(each)) if each.isdecimal() else "X" for each in group)
