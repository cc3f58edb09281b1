"""The parts of a password that people guess first: names, places, dates, numbers of persons, keyboard shapes.

A part costs as many bits as somebody needs who tries the likely ones first. The cheapest way to put a password together
from such parts and single characters says how hard it is to guess.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path


class PartKind(StrEnum):
    """What a part of a password is."""

    OWN = "账号名或单位名"
    COMMON = "常见的密码"
    PLACE = "本县的地名、单位名"
    PERSON = "拼音人名"
    DATE = "年份、日期"
    SHAPE = "键盘顺序"
    REPEAT = "重复的字符"
    PHONE = "电话号码"
    IDENTITY = "身份证号"
    NUMBER = "数字"
    SYLLABLE = "拼音"
    OTHER = "其他字符"


@dataclass(frozen=True)
class Part:
    """A stretch of a password that could be guessed as a whole."""

    start: int
    end: int
    bits: float
    kind: PartKind


_WORD_BITS = {PartKind.OWN: 1.0, PartKind.COMMON: 5.0, PartKind.PLACE: 6.0}
_SUBSTITUTED = 1.0
"""Bits that letters written as digits or signs add: p@ssw0rd."""
_SYLLABLE = 8.5
_SURNAME, _GIVEN = 5.0, 7.0
_SHAPE, _AGAIN = 5.0, 2.0

_LONGEST_WORD = 40
_SHORTEST_WORD = 2

_YEAR = r"(?:19[4-9]|20[0-3])\d"

_PATTERNS: Sequence[tuple[re.Pattern[str], PartKind, float]] = (
    (re.compile(r"[1-9]\d{5}(?:19|20)\d{9}[\dx]"), PartKind.IDENTITY, 10),
    (re.compile(r"1[3-9]\d{9}"), PartKind.PHONE, 8),
    (re.compile(r"0\d{2,3}-?\d{7,8}"), PartKind.PHONE, 10),
    (re.compile(_YEAR + r"[-./年]?(?:1[0-2]|0?[1-9])[-./月]?(?:3[01]|[12]\d|0?[1-9])日?"), PartKind.DATE, 8),
    (re.compile(_YEAR + r"(?:1[0-2]|0[1-9])?年?"), PartKind.DATE, 5),
    (re.compile(r"(?:1[0-2]|0[1-9])(?:3[01]|[12]\d|0[1-9])"), PartKind.DATE, 6),
    (re.compile(r"(.)\1{2,}"), PartKind.REPEAT, 4),
    (re.compile(r"(?:(.)\1){3,}"), PartKind.REPEAT, 6),
)  # fmt: skip

_ROWS = (
    "1234567890-=", "qwertyuiop", "asdfghjkl;", "zxcvbnm,./", "0123456789", "abcdefghijklmnopqrstuvwxyz", "13579",
    "24680", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "147", "258", "369", "159",
    "357",
    "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgbyhnujm", "147258369",
    "qweasdzxc", "a1b2c3d4e5f6g7",
)  # fmt: skip
"""Neighbours on the keyboard and in the alphabet; the same backwards."""

_UNSHIFTED = str.maketrans("!@#$%^&*()_+<>?:", "1234567890-=,./;")
_SUBSTITUTIONS = (
    str.maketrans("@431!05$7896", "aaeiiosstbgg"),
    str.maketrans("@43|!05$7196", "aaelloss" "tlgg"),
)  # fmt: skip
"""1 and ! stand for i or for l."""


def guessable_parts(password: str, words: dict[str, PartKind]) -> Iterator[Part]:
    """Every stretch that somebody would guess; the same characters may belong to several."""
    yield from _known_words(password, words)
    yield from _patterns(password)
    yield from _shapes(password)
    yield from _names(password)
    yield from _again(password)


def plain(text: str) -> str:
    """One spelling of what is typed: full-width characters of Chinese keyboards, capitals."""
    return unicodedata.normalize("NFKC", text).casefold()


def character_bits(password: str, position: int) -> tuple[float, PartKind]:
    """What a single character costs that belongs to no known part; ``password`` as it was typed."""
    character = password[position]
    if character.isdigit():
        return (2.2 if _in_long_number(password, position) else 3.3), PartKind.NUMBER
    if character.isascii() and character.isalpha():
        return 4.0 if character.isupper() else 3.0, PartKind.OTHER
    if character in "-_.@!# ":
        return 2.0, PartKind.OTHER
    return (4.0 if character.isascii() else 6.0), PartKind.OTHER


def _in_long_number(password: str, position: int) -> bool:
    """Six digits in a row and more are usually somebody's number."""
    return any(found.start() <= position < found.end() for found in re.finditer(r"\d{6,}", password))


def _known_words(password: str, words: dict[str, PartKind]) -> Iterator[Part]:
    spellings = [(password, 0.0), *((password.translate(table), _SUBSTITUTED) for table in _SUBSTITUTIONS)]
    for text, more in spellings:
        if len(text) != len(password):
            continue
        for start in range(len(text)):
            for end in range(start + _SHORTEST_WORD, min(start + _LONGEST_WORD, len(text)) + 1):
                kind = words.get(text[start:end])
                if kind:
                    yield Part(start, end, _WORD_BITS[kind] + more, kind)


def _patterns(password: str) -> Iterator[Part]:
    for pattern, kind, bits in _PATTERNS:
        for start in range(len(password)):
            if found := pattern.match(password, start):
                yield Part(start, found.end(), bits, kind)


def _shapes(password: str) -> Iterator[Part]:
    text = password.translate(_UNSHIFTED)
    for row in _shape_rows():
        for start in range(len(text) - 2):
            end = start + 3
            while end <= len(text) and text[start:end] in row:
                yield Part(start, end, _SHAPE, PartKind.SHAPE)
                end += 1


@cache
def _shape_rows() -> tuple[str, ...]:
    return tuple(each for row in _ROWS for each in (row, row[::-1]))


def _names(password: str) -> Iterator[Part]:
    """Syllables of pinyin; a usual surname with one or two of them is a person's name."""
    syllables = pinyin_syllables()
    ends = [
        [start + size for size in range(2, 7) if password[start : start + size] in syllables]
        for start in range(len(password))
    ]
    for start, stops in enumerate(ends):
        for stop in stops:
            yield Part(start, stop, _SYLLABLE, PartKind.SYLLABLE)
            if password[start:stop] in _surnames() and stop < len(password):
                for second in ends[stop]:
                    yield Part(start, second, _SURNAME + _GIVEN, PartKind.PERSON)
                    for third in ends[second] if second < len(password) else ():
                        yield Part(start, third, _SURNAME + 2 * _GIVEN, PartKind.PERSON)


def _again(password: str) -> Iterator[Part]:
    """What stands in the password a second time."""
    for start in range(4, len(password)):
        for end in range(start + 4, len(password) + 1):
            if password[start:end] not in password[:start]:
                break
            yield Part(start, end, _AGAIN, PartKind.REPEAT)


@cache
def pinyin_syllables() -> frozenset[str]:
    """Syllables of two letters and more."""
    return _lines("pinyin_syllables.txt")


@cache
def _surnames() -> frozenset[str]:
    return _lines("pinyin_surnames.txt")


@cache
def common_words() -> frozenset[str]:
    """Common passwords, and words that they are made of; also backwards, where they are long."""
    words = _lines("common_passwords.txt")
    return words | {word[::-1] for word in words if len(word) > 4}


def _lines(name: str) -> frozenset[str]:
    return frozenset(Path(__file__).with_name(name).read_text(encoding="utf-8").split())
