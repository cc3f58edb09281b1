"""Canonical text of a return: deterministic, independent of the order of its records.

A document is a mapping of plain JSON values. Its lists are sets of lines that each have a key, so they are sorted by
it; the hash of the text stands on the paper that is signed and sealed.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from typing import Any

Line = Mapping[str, Any]
Document = Mapping[str, Any]

FORMAT = 1
"""Of the document; a later one may hold more."""

FIGURES, ISSUES, HOUSEHOLDS, ZEROS, REPORT = (
    "figures",
    "issue",
    "proposed_household",
    "zero_report",
    "report_text",
)
"""The lists of a document; those of records are called as their tables."""

LISTS: Mapping[str, str] = {
    FIGURES: "problem_type_id",
    ISSUES: "id",
    HOUSEHOLDS: "id",
    ZEROS: "problem_type_id",
    REPORT: "part_id",
}
"""Each list of a document with the key of its lines."""

RECORDS = (ISSUES, HOUSEHOLDS)


def plain(value: Any) -> Any:
    """A column's value as JSON holds it: days and moments in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value


def freeze(document: Document) -> str:
    """The canonical text: keys and lines sorted, no blanks, all characters as they are.

    Raises:
        TypeError: a value that JSON does not know.
        ValueError: a figure that is none, such as infinity.
    """
    return json.dumps(
        _ordered(document), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def alike(one: Document, other: Document) -> bool:
    """Whether both are the same canonical text; told without writing it, in a tenth of the time."""
    return _ordered(one) == _ordered(other)


def _ordered(document: Document) -> dict[str, Any]:
    """The document with its lines sorted."""
    return {
        name: sorted(value, key=lambda line, key=LISTS[name]: str(line[key])) if name in LISTS else value  # type: ignore[misc]
        for name, value in document.items()
    }


def thaw(content: str) -> dict[str, Any]:
    """The document of a canonical text."""
    document: dict[str, Any] = json.loads(content)
    return document


def digest(content: str) -> str:
    """SHA-256 of the text as UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()
