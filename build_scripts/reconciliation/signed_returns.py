"""Signed returns of a live database: which one is in force, and its content."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from build_scripts.counting.count_query import Records, has, literals
from checklist.model import Campaign
from checklist.reading.personal_numbers import masked

SENT_BACK = "sent_back"
"""State of a return that is no longer in force; the unit has to sign another."""

FIGURES, ISSUES, HOUSEHOLDS = "figures", "issue", "proposed_household"
"""The compared lists of a signed document (written by ``forms_server.returns.return_document``)."""

_FIGURES_KEY = f'"{FIGURES}":'.encode()
_FIGURES_LENGTH = 1 << 16
"""Prefix length in bytes that holds annex 2 in nearly all cases; a line has about 300."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Signed:
    """A signed return without its content."""

    id: str
    unit_code: str
    number: int
    sha256: str
    day: str
    """Day of signing, ISO 8601."""
    late: bool
    state: str


def all_signed(records: Records, campaign: Campaign) -> Sequence[Signed] | None:
    """Return all of the campaign's returns, each unit's in signing order; None for an export."""
    if not has(records, "signed_return"):
        return None
    query = (
        "SELECT id, unit_code, number, sha256, signed_at, late, state FROM signed_return"  # noqa: S608 - an id
        f" WHERE campaign_id = {literals([campaign.id])} ORDER BY unit_code, number"
    )
    return [
        Signed(str(line[0]), str(line[1]), int(line[2]), str(line[3]), str(line[4])[:10], bool(line[5]), str(line[6]))
        for line in records.run(query)
    ]  # fmt: skip


def in_force(returns: Iterable[Signed]) -> Sequence[Signed]:
    """Return each unit's last return unless it was sent back."""
    last = {each.unit_code: each for each in returns}
    return [each for each in last.values() if each.state != SENT_BACK]


def content_of(records: Records, signed: Signed) -> bytes | None:
    """Return the signed JSON; None if it was tampered with in the database.

    Compares the hash, not the server's seal, whose key this package does not have. Reads the column as bytes: a
    county's returns are tens of megabytes, and decoding them only to encode them again is slow.
    """
    content = (records.octets or "{}").format("content")
    (line,) = records.run(f"SELECT {content} FROM signed_return WHERE id = {literals([signed.id])}")  # noqa: S608
    found: object = line[0]
    octets = found if isinstance(found, bytes) else str(found).encode()
    return octets if hashlib.sha256(octets).hexdigest() == signed.sha256 else None


def documents_of(records: Records, returns: Iterable[Signed]) -> list[Document]:
    """Return the documents of these returns, omitting altered ones."""
    contents = (content_of(records, each) for each in returns)
    return [document_of(content) for content in contents if content is not None]


def figures_of(content: bytes) -> Sequence[Mapping[str, Any]]:
    """Parse only the lines of annex 2; the records, possibly thousands, are parsed only if figures differ."""
    # Keys are sorted, so only an id precedes it.
    start = content.index(_FIGURES_KEY) + len(_FIGURES_KEY)
    lines: Sequence[Mapping[str, Any]]
    try:
        head = content[start : start + _FIGURES_LENGTH].decode(errors="ignore")
        lines = json.JSONDecoder().raw_decode(head)[0]
    except json.JSONDecodeError:  # a campaign with very many problem types
        lines = json.JSONDecoder().raw_decode(content[start:].decode())[0]
    return lines


def document_of(content: bytes) -> Document:
    """Parse the whole document, with personal numbers masked: those of older versions are under its seal."""
    document: Document = masked(json.loads(content))
    return document
