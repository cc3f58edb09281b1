"""Three-way merge of concurrent edits, field by field.

The edit page carries a fingerprint of each field as it was shown. A side whose text still matches the fingerprint did
not change the field, so the other side's text wins without a conflict.
"""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

_LENGTH = 12
"""Hexadecimal digits of a fingerprint: forging one affects only the forger's own merge proposal."""


class Whose(StrEnum):
    """Which side changed a field."""

    NEITHER = "neither"
    """Both sides are equal."""
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


def fingerprints(texts: Mapping[str, str], field_ids: Iterable[str]) -> str:
    """Serialize fingerprints for the page: ``id:fingerprint`` for each field, separated by blanks."""
    return " ".join(f"{field_id}:{_fingerprint(texts.get(field_id, ''))}" for field_id in field_ids)


def compare(
    seen: str, mine: Mapping[str, str], theirs: Mapping[str, str], field_ids: Iterable[str]
) -> dict[str, Whose]:
    """Compare both sides: who changed each field.

    Args:
        seen: from ``fingerprints``, when the edit began; a field that it lacks counts as changed by both.
        mine: the submitted texts; a missing one is empty.
        theirs: the stored texts.
        field_ids: the fields to compare.
    """
    before = dict(part.split(":", 1) for part in seen.split() if ":" in part)
    return {
        field_id: _whose(before.get(field_id), mine.get(field_id, ""), theirs.get(field_id, ""))
        for field_id in field_ids
    }


def _whose(before: str | None, mine: str, theirs: str) -> Whose:
    if mine == theirs:
        return Whose.NEITHER
    if before == _fingerprint(mine):
        return Whose.THEIRS
    return Whose.MINE if before == _fingerprint(theirs) else Whose.BOTH


def _fingerprint(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
