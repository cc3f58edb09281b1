"""Normalization of typed names: one spelling each, without invisible characters."""

import hashlib
import unicodedata

from checklist.text_normalisation import has_hidden, without_variations

MAX_LENGTH = 60
_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
_LOST = "\ufffd"


def clean_name(raw: str) -> str | None:
    """Normalize a name: NFKC (full-width digits become ASCII), trimmed, single spaces.

    Returns:
        None where it is empty, too long, or holds characters that can't be seen: controls, zero-width and
        bidirectional marks, lone surrogates, the mark of what was lost in decoding.
    """
    name = " ".join(without_variations(unicodedata.normalize("NFKC", raw)).split(" ")).strip()
    bad = has_hidden(name) or any(each == _LOST or unicodedata.category(each) in _INVISIBLE for each in name)
    return name if name and len(name) <= MAX_LENGTH and not bad else None


def name_hash(raw: str) -> str:
    """SHA-256 of a sign-in name, known or not: the throttle's key for failed sign-ins."""
    name = clean_name(raw) or raw
    return hashlib.sha256(name.encode("utf-8", "surrogatepass")).hexdigest()
