"""Amounts as officials type them: 1.2万元, ３，４００．５０, 五百元整, 3元5角; exact, never by way of a float."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from checklist.chinese_numerals import NUMERALS, read_numeral
from checklist.model.reading import NumberWords
from checklist.read_result import Refusal
from checklist.reading.affixes import longest_first
from checklist.text_normalisation import compact, fold

Units = Mapping[str, Decimal]
"""The words behind a figure, and how many of the plain unit each holds."""

YUAN: Units = {
    "元": Decimal(1),
    "圆": Decimal(1),
    "块": Decimal(1),
    "块钱": Decimal(1),
    "百元": Decimal(100),
    "千元": Decimal(1000),
    "万": Decimal(10_000),
    "万元": Decimal(10_000),
    "万块": Decimal(10_000),
    "百万元": Decimal(1_000_000),
    "千万元": Decimal(10_000_000),
    "亿": Decimal(100_000_000),
    "亿元": Decimal(100_000_000),
    "角": Decimal("0.1"),
    "毛": Decimal("0.1"),
    "分": Decimal("0.01"),
}
"""The units of money."""

_LARGE = {"万": Decimal(10_000), "亿": Decimal(100_000_000)}
_SIGNS = ("人民币", "RMB", "CNY", "¥", "￥")
_FIGURE = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3}){1,5}(?![\d,])|\d{1,18})(?:\.\d{1,15})?(?:[eE][+-]\d{1,2})?",
    re.ASCII,
)
_NUMERAL = re.compile(f"[{NUMERALS}]+")
_PARTED = re.compile(r"\d[\s]+\d")
_FORMULA = re.compile(r"=|#")
_FULL_STOPS = "。."
_PLUS_OR_MINUS = ("+", "-")
_WHOLE = ("整", "正")


@dataclass(frozen=True)
class Amount:
    """A number as read.

    Attributes:
        number: in the plain unit.
        unit: the word behind it; empty where none was typed.
    """

    number: Decimal
    unit: str = ""


def units_of(unit: str, aliases: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The units of a number with a unit of its own: with 万 and 亿 before each, and alone."""
    plain = {
        **({compact(unit): Decimal(1)} if unit else {}),
        **{compact(name): by for name, by in aliases.items()},
    }
    large = {size + name: by * factor for size, by in _LARGE.items() for name, factor in plain.items()}
    return {**_LARGE, **large, **plain}


def read_amount(text: str, words: NumberWords, units: Units) -> Amount | Refusal:
    """Read a number with an optional unit, or several in descending order: 3元5角.

    Refuses what is not exact (约3万), says more than one thing (300元（含补贴50）), or is a formula.
    """
    plain = compact(text)
    if _FORMULA.match(plain):
        return Refusal("formula")
    for sign in _SIGNS:
        plain = plain.removeprefix(sign)
    bare = plain.rstrip(_FULL_STOPS)
    if bare.endswith(_WHOLE) and bare[:-1].endswith(tuple(units)):
        bare = bare[:-1]
    if not _are_thousands(text):
        return Refusal("number-with-note")
    amount = _with_units(bare, units)
    if amount is not None:
        return amount
    if not re.search(f"[0-9{NUMERALS}]", plain):
        return Refusal("not-an-amount")
    if any(word in plain for word in words.approximate if word not in units):
        return Refusal("approximate-number")
    return Refusal("number-with-note" if re.search("[0-9]", plain) else "not-an-amount")


def unit_in(header: str, units: Iterable[str]) -> str:
    """Return the unit that a header names in brackets or at its end behind a colon or a dash; empty if none."""
    plain = compact(header)
    named = [*re.findall(r"\(([^()]*)\)", plain), *re.findall(r"[:/_-]([^:/_()-]*)$", plain)]
    known = longest_first(units)
    for words in reversed(named):
        found = next((unit for unit in known if words.removeprefix("单位:").removeprefix("单位") == unit), "")
        if found:
            return found
    return ""


def plain_number(number: Decimal) -> str:
    """Write a number without exponent and trailing zeros: 60, 0.5."""
    text = f"{number:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def _are_thousands(text: str) -> bool:
    """Whether blanks between figures only part thousands: 3 400, and not 3 4."""
    folded = fold(text).strip()
    if not _PARTED.search(folded):
        return True
    return re.fullmatch(r"\D*\d{1,3}(?:\s\d{3})+(?:\.\d+)?\D*", folded) is not None


def _with_units(text: str, units: Units) -> Amount | None:
    """Read a figure with its unit; what follows has smaller ones."""
    total, last, first, rest = Decimal(0), None, "", text
    while rest:
        if last is not None:
            rest = rest.removeprefix("零")
        figure, rest = _figure(rest) if last is None or rest[:1] not in _PLUS_OR_MINUS else (None, rest)
        if figure is None:
            return None
        unit = next((word for word in longest_first(units) if rest.startswith(word)), "")
        rest = rest[len(unit) :]
        by = units[unit] if unit else Decimal(1)
        if last is not None and (not unit or by >= last or not 0 <= figure * by < last):
            return None
        if rest and not unit:
            return None
        total += (-1 if last is not None and total < 0 else 1) * figure * by
        first, last = first or unit, by
    return None if last is None else Amount(total, first)


def _figure(text: str) -> tuple[Decimal | None, str]:
    """Read the figure that a text begins with; return it and the rest."""
    found = _FIGURE.match(text)
    if found:
        figure = Decimal(found.group().replace(",", ""))
        return figure, text[found.end() :]
    numeral = _NUMERAL.match(text)
    number = read_numeral(numeral.group()) if numeral else None
    return (None, text) if numeral is None or number is None else (Decimal(number), text[numeral.end() :])
