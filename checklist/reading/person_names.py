"""Persons' names: normalisation for comparison, and detection of several names."""

import re
import unicodedata
from functools import lru_cache

from checklist.kangxi_radicals import RADICALS

_DOTS = dict.fromkeys(map(ord, ".·•・‧∙⋅●･᛫·"), "·")
_DROPPED = frozenset({"Cc", "Cf", "Co", "Cs", "Zs", "Zl", "Zp"})
"""Categories of controls, zero-width characters, private-use characters, halves of pairs and blanks."""
_PADDING = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)
"""Invisible letters and marks: fillers, the Braille blank, variation selectors."""

PARTINGS = (
    "，",
    ",",
    "；",
    ";",
    "、",
    "/",
    "／",
    "+",
    "＋",
    "&",
    "＆",
    "和",
    "与",
    "及",
    "跟",
    " ",
    "\n",
    "\u3000",
)
"""Separators between two names."""
_PARTED = re.compile("|".join(map(re.escape, PARTINGS)) + r"|\s")
_is_plain = re.compile("[一-龥0-9A-Za-z]*").fullmatch
"""Names that folding leaves as they are, which most are."""
_NOTE = re.compile(r"[(（][^()（）]*[)）]?")
_NAME = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff·]{2,}")
_SURNAMES = frozenset(
    {
        "欧阳",
        "上官",
        "司马",
        "诸葛",
        "夏侯",
        "皇甫",
        "尉迟",
        "公孙",
        "慕容",
        "令狐",
        "司徒",
        "东方",
        "西门",
        "南宫",
    }
)
"""Surnames of two characters, after which a blank does not separate two persons."""


def fold_name(text: str) -> str:
    """Normalise a person's name for comparison; idempotent.

    NFKC, radicals as characters, middle dots unified, blanks and invisible characters removed. Rare characters and
    notes in brackets stay: 张三(大) differs from 张三.
    """
    return text if _is_plain(text) else _folded(text)


@lru_cache(maxsize=1024)  # a row's name is folded several times on its way into the database
def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text.translate(RADICALS)).translate(RADICALS)
    seen = plain
    if not plain.isalnum():  # letters and figures are of none of these categories
        seen = "".join(each for each in plain if unicodedata.category(each) not in _DROPPED)
    # Again: removals may have made combining marks adjacent.
    return unicodedata.normalize("NFKC", _PADDING.sub("", seen)).translate(_DOTS)


def holds_several(text: str) -> bool:
    """Return whether a text seems to hold several persons' names: 张三 李四, but not 张 三."""
    parts = [part for part in _PARTED.split(_NOTE.sub("", text)) if part]
    if len(parts) == 2 and parts[0] in _SURNAMES:
        return False
    return sum(bool(_NAME.fullmatch(fold_name(part))) for part in parts) > 1
