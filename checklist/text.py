"""Free text: made uniform where nobody sees a difference, refused where it hides something."""

import re
import unicodedata

from checklist.radicals import RADICALS
from checklist.read_result import Refusal

_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad"
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\u2800\u3164\ufdd0-\ufdef\ufeff\uffa0\ufff0-\uffff\ud800-\udfff"
    "\U000e0000-\U000e00ff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
"""Characters that nobody sees: controls, zero-width and bidi marks, blank letters, halves of pairs, no-characters."""

_KINDS = (
    ("\x00", "\x00", "空字符"),
    ("\x01", "\x9f", "控制字符"),
    ("\u200b", "\u200d", "零宽字符"),
    ("\u200e", "\u206f", "文字方向控制符"),
    ("\ud800", "\udfff", "残缺的字符"),
    ("\ufffd", "\ufffd", "乱码"),  # what decoding puts where a byte is no character: something was lost
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
    """One line of text: NFC, trimmed, every run of blanks and line breaks one blank."""
    return _hidden(raw) or _BLANKS.sub(" ", unicodedata.normalize("NFC", raw)).strip()


def clean_paragraph(raw: str) -> str | Refusal:
    """Several lines of text: NFC, trimmed, every line break one line feed, no blanks at the ends of lines."""
    refusal = _hidden(raw)
    if refusal:
        return refusal
    text = _NEW_LINES.sub("\n", unicodedata.normalize("NFC", raw))
    return _BLANKS_AT_LINE_END.sub("", text).strip()


def fold(text: str) -> str:
    """Full-width letters, figures and punctuation as half-width ones, radicals as characters: not for prose."""
    return text.translate(_FOLDED)


def compact(text: str) -> str:
    """Folded, and without any blank: the form in which words are compared."""
    return _BLANKS.sub("", fold(text))


def _hidden(raw: str) -> Refusal | None:
    """The first character that must not be there."""
    found = _HIDDEN.search(raw)
    if not found:
        return None
    character = found.group()
    kind = next((kind for first, last, kind in _KINDS if first <= character <= last), "看不见的字符")
    name = f"{kind} U+{ord(character):04X}"
    return Refusal("control-character", {"position": found.start() + 1, "name": name})
