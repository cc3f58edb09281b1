"""Normalisation of free text, and rejection of invisible characters."""

import re
import unicodedata

from checklist.kangxi_radicals import RADICALS
from checklist.read_result import Refusal

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad"
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e00ff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Invisible characters: controls, zero-width and bidi marks, blank letters, surrogates, non-characters."""

_INVISIBLE = re.compile("[\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")

_VARIATIONS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
"""Variation selectors: another glyph of the same character, as input methods and phones add them."""

_KINDS = (
    ("\x00", "\x00", "空字符"),
    ("\x01", "\x9f", "控制字符"),
    ("\u200b", "\u200d", "零宽字符"),
    ("\u200e", "\u206f", "文字方向控制符"),
    ("\ud800", "\udfff", "残缺的字符"),
    ("\ufffd", "\ufffd", "乱码"),  # the replacement character of failed decoding: content was lost
)

_FOLDED: dict[int, int | str] = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    0x3000: 0x20,
    **RADICALS,
}
_BLANKS = re.compile(r"\s+")
_NEW_LINES = re.compile("\r\n?|\u2028|\u2029")
_BLANKS_AT_LINE_END = re.compile(r"[^\S\n]+$", re.MULTILINE)


def clean_line(raw: str) -> str | Refusal:
    """Normalise one line of text: NFC, trimmed, runs of blanks and line breaks collapsed to one blank."""
    return _hidden(raw) or _BLANKS.sub(" ", unicodedata.normalize("NFC", without_variations(raw))).strip()


def clean_paragraph(raw: str) -> str | Refusal:
    """Normalise several lines of text: NFC, trimmed, line breaks as line feeds, no trailing blanks."""
    refusal = _hidden(raw)
    if refusal:
        return refusal
    text = _NEW_LINES.sub("\n", unicodedata.normalize("NFC", without_variations(raw)))
    return _BLANKS_AT_LINE_END.sub("", text).strip()


def without_variations(text: str) -> str:
    """Leave out variation selectors: two names that look alike are one."""
    return _VARIATIONS.sub("", text)


def without_invisible(text: str) -> str:
    """Leave out zero-width characters and marks of direction, which come with text from a chat or a web page."""
    return _INVISIBLE.sub("", text)


def fold(text: str) -> str:
    """Fold full-width characters to half-width and radicals to characters: not for prose."""
    return text.translate(_FOLDED)


def compact(text: str) -> str:
    """Fold and remove all blanks, for comparison."""
    return _BLANKS.sub("", fold(without_variations(text)))


def has_hidden(text: str) -> bool:
    """Whether a text holds characters that nobody sees: controls, marks, and letters that are blank."""
    return _HIDDEN.search(text) is not None


def _hidden(raw: str) -> Refusal | None:
    """Return the first forbidden character."""
    found = _HIDDEN.search(raw)
    if not found:
        return None
    character = found.group()
    kind = next((kind for first, last, kind in _KINDS if first <= character <= last), "看不见的字符")
    name = f"{kind} U+{ord(character):04X}"
    return Refusal("control-character", {"position": found.start() + 1, "name": name})
