"""Tamper-evident hash chain of the audit log: each row's HMAC covers the hash of the row before it.

Write access to the database without the key does not suffice to forge a chain. The head holds the number of rows
and is sealed with the same key, which detects truncation.
"""

import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

START = "0" * 64
"""Hash before the first row."""

_COVERED = ("id", "at", "account_id", "unit_code", "subject", "subject_id", "action", "change")
"""The columns that a row's hash covers; ``change`` by its content, however the database spells its JSON.

``digest`` follows where the row has one, and it and ``address`` where it has that: older rows were hashed without.
"""

spell = json.JSONEncoder(ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode
"""Canonical serialization of a row for hashing."""


def link(key: bytes, before: str, row: Mapping[Any, Any]) -> str:
    """Hash of the row after the row with the hash ``before``; ``at`` is a datetime, ``change`` a mapping."""
    content = [row["at"].isoformat() if name == "at" else row[name] for name in _COVERED]
    return _mac(key, before, spell([*content, *later_columns(row["digest"], row["address"])]))


def later_columns(digest: str | None, address: str | None) -> list[str | None]:
    """The columns that a row's hash covers besides: as many as there are up to the last one with a value."""
    if address is not None:
        return [digest, address]
    return [] if digest is None else [digest]


def link_spelled(key: bytes, before: str, parts: Iterable[str]) -> str:
    """Hash of a row whose columns are serialized already, in the order in which they are covered."""
    return _mac(key, before, f"[{','.join(parts)}]")


def seal(key: bytes, rows: int, last: str) -> str:
    """Seal of a chain's head: its number of rows and last hash."""
    return _mac(key, "head", f"{rows}:{last}")


def _mac(key: bytes, before: str, content: str) -> str:
    return hmac.digest(key, f"{before}\n{content}".encode(), "sha256").hex()


class FaultKind(StrEnum):
    """Kinds of broken chains."""

    ALTERED = "altered"
    """A row was modified or moved."""
    MISSING = "missing"
    """A row is missing in the middle."""
    CUT = "cut"
    """The chain was truncated, or the seal of its head does not match."""


@dataclass(frozen=True)
class Fault:
    """First break of a chain."""

    row: int
    """The number of the row; for CUT the first that is missing."""
    kind: FaultKind


@dataclass(frozen=True)
class ChainHead:
    """The sealed head of a chain."""

    rows: int
    hash: str
    seal: str


def first_fault(key: bytes, head: ChainHead | None, rows: Iterable[Mapping[Any, Any]]) -> Fault | None:
    """The first break of a chain; None where every row is as it was written.

    Args:
        key: the key of the audit.
        head: the head; None where there is none.
        rows: all rows by number, with the columns of the table ``audit``.
    """
    count, last = 0, START
    for row in rows:
        if row["id"] > count + 1:
            return Fault(count + 1, FaultKind.MISSING)
        if row["id"] != count + 1 or not hmac.compare_digest(link(key, last, row), row["hash"]):
            return Fault(row["id"], FaultKind.ALTERED)
        count, last = count + 1, row["hash"]
    if head is None or head.seal != seal(key, head.rows, head.hash):
        return Fault(count + 1, FaultKind.CUT) if head or count else None
    return None if (head.rows, head.hash) == (count, last) else Fault(count + 1, FaultKind.CUT)
