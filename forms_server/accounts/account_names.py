"""Names as people type them: one spelling for each, and nothing in it that can't be seen."""

import hashlib
import unicodedata

MAX_LENGTH = 60
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LOST = "\ufffd"


def clean_name(raw: str) -> str | None:
    """The one spelling of a name: NFKC (so full-width digits are plain ones), trimmed, single spaces.

    Returns:
        None where it is empty, too long, or holds characters that can't be seen: controls, zero-width and
        bidirectional marks, lone surrogates, the mark of what was lost in decoding.
    """
    name = " ".join(unicodedata.normalize("NFKC", raw).split(" ")).strip()
    bad = any(each == _LOST or unicodedata.category(each) in _INVISIBLE for each in name)
    return name if name and len(name) <= MAX_LENGTH and not bad else None


def name_hash(raw: str) -> str:
    """SHA-256 of a sign-in name as typed, known or not: what failed sign-ins are counted under."""
    name = clean_name(raw) or raw
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
