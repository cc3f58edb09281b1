"""Shares in per cent, the same on every page, workbook and document.

One decimal, rounded half up as people round, but never up to 100: not all of it is done.
"""

from decimal import Decimal
from fractions import Fraction
from math import floor

NOTHING = "—"
"""In place of a share of nothing."""


def percent(share: Fraction | Decimal | float) -> Decimal:
    """A share in per cent, with one decimal; Python's formats would round 6.25 to 6.2."""
    exact = Fraction(str(share)) if isinstance(share, float) else Fraction(share)
    tenths = floor(exact * 1000 + Fraction(1, 2))
    return Decimal(min(tenths, 999) if exact < 1 else tenths).scaleb(-1)


def percent_words(share: Fraction | Decimal | float | None) -> str:
    """``6.3%``, ``50.0%``; a dash for None."""
    return NOTHING if share is None else f"{percent(share)}%"


def part_in_words(part: int, whole: int) -> str:
    """The share of a part; a dash if the whole is zero."""
    return percent_words(Fraction(part, whole) if whole else None)
