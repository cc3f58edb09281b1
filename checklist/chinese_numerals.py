"""Chinese numerals, read and written: 十二, 二十五, 一百零五, 壹, 二〇二二. The browser's are in ``search/browser``."""

import re

_DIGITS = "零一二三四五六七八九"
_PLAIN = str.maketrans("〇○两壹贰叁肆伍陆柒捌玖拾佰仟廿", "零零二一二三四五六七八九十百千廿")
_D = f"[{_DIGITS[1:]}]"
_GRAMMAR = re.compile(f"(?:({_D})千)?零?(?:({_D})百)?零?(?:({_D})?(十))?零?({_D})?")

NUMERALS = f"〇○两{_DIGITS}十百千壹贰叁肆伍陆柒捌玖拾佰仟廿"
"""Every character that a numeral may hold, for character classes."""

UP_TO_99 = f"{_DIGITS[1:]}十"
"""Every character of the numerals from 1 to 99 as headings and weekdays have them."""


def write_numeral(number: int) -> str:
    """Format a number from 0 to 9999 as 一百零五 (10 to 19 as 十, 十一)."""
    if number < 10:
        return _DIGITS[number]
    words = ""
    for value, unit in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        if digit:
            words += _DIGITS[digit] + unit
        elif words and number % value and not words.endswith("零"):
            words += "零"
    return words.removeprefix("一") if number < 20 else words


def read_numeral(text: str) -> int | None:
    """Parse a numeral; None if it is invalid or ambiguous (一千二 is 1200 or 1002)."""
    plain = text.translate(_PLAIN).replace("廿", "二十")
    # 三四户 is three or four: figures one by one are only a year's.
    if len(plain) in (1, 4) and all(character in _DIGITS for character in plain):
        return int("".join(str(_DIGITS.index(character)) for character in plain))
    found = _GRAMMAR.fullmatch(plain)
    if not found:
        return None
    thousands, hundreds, tens, ten, ones = found.groups()
    tens = tens or ("一" if ten else None)
    number = int("".join(str(_DIGITS.index(digit or "零")) for digit in (thousands, hundreds, tens, ones)))
    # Round trip: a proper numeral formats to itself.
    return number if write_numeral(number) in (plain, plain.removeprefix("一")) else None
