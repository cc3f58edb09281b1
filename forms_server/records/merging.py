"""Two people changed the same record: field by field, who changed what since the version that the second one saw.

The page of an edit carries a fingerprint of each field as it was shown. Where a field still has its fingerprint, its
side did not change it, and the other side's text can be taken without asking.
"""

import hashlib
from collections.abc import Iterable, Mapping
from enum import StrEnum

_LENGTH = 12
"""Hexadecimal digits of a fingerprint: whoever forges one only changes what is proposed to himself."""


class Whose(StrEnum):
    """Which side changed a field."""

    NEITHER = "neither"
    """Both sides say the same."""
    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


def fingerprints(texts: Mapping[str, str], field_ids: Iterable[str]) -> str:
    """What the page carries: ``id:fingerprint`` for each field, with blanks between."""
    return " ".join(f"{field_id}:{_fingerprint(texts.get(field_id, ''))}" for field_id in field_ids)


def compare(
    seen: str, mine: Mapping[str, str], theirs: Mapping[str, str], field_ids: Iterable[str]
) -> dict[str, Whose]:
    """Who changed each field.

    Args:
        seen: from ``fingerprints``, when the edit began; a field that it lacks counts as changed by both.
        mine: the texts that were handed in; a missing one is empty.
        theirs: the texts that are stored now.
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
