"""The returns that units signed, as the live database keeps them: which one is in force, and what it says."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from build_scripts.counting.count_query import Records, has, literals
from checklist.model import Campaign
from checklist.reading.personal_numbers import masked

SENT_BACK = "sent_back"
"""The state of a return that is in force no more: the unit is to sign another."""

FIGURES, ISSUES, HOUSEHOLDS = "figures", "issue", "proposed_household"
"""The lists of a signed document that are compared (``forms_server.returns.return_document`` writes them)."""

_FIGURES_KEY = f'"{FIGURES}":'.encode()
_FIGURES_LENGTH = 1 << 16
"""Bytes that annex 2 hardly ever fills: a line has about 300."""

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Signed:
    """A signed return without its content."""

    id: str
    unit_code: str
    number: int
    sha256: str
    day: str
    """When it was signed, as 2022-08-31."""
    late: bool
    state: str


def all_signed(records: Records, campaign: Campaign) -> Sequence[Signed] | None:
    """Every return of the campaign, each unit's in the order in which it signed them; None for an export."""
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
    """Each unit's last return, unless the office has sent it back."""
    last = {each.unit_code: each for each in returns}
    return [each for each in last.values() if each.state != SENT_BACK]


def content_of(records: Records, signed: Signed) -> bytes | None:
    """What was signed, as JSON; None where it is no longer that, because somebody changed it in the database.

    The hash is compared, not the server's seal on it, whose key this package does not have. The bytes that are hashed
    are asked for as such: a county's returns are tens of megabytes, which would be decoded and encoded again.
    """
    content = (records.octets or "{}").format("content")
    (line,) = records.run(f"SELECT {content} FROM signed_return WHERE id = {literals([signed.id])}")  # noqa: S608
    found: object = line[0]
    octets = found if isinstance(found, bytes) else str(found).encode()
    return octets if hashlib.sha256(octets).hexdigest() == signed.sha256 else None


def documents_of(records: Records, returns: Iterable[Signed]) -> list[Document]:
    """What was signed in these returns; one that was altered is left out."""
    contents = (content_of(records, each) for each in returns)
    return [document_of(content) for content in contents if content is not None]


def figures_of(content: bytes) -> Sequence[Mapping[str, Any]]:
    """The lines of annex 2 alone: a return may hold thousands of records, which are read only where figures differ."""
    # The keys are sorted, so that only an id stands before it.
    start = content.index(_FIGURES_KEY) + len(_FIGURES_KEY)
    lines: Sequence[Mapping[str, Any]]
    try:
        head = content[start : start + _FIGURES_LENGTH].decode(errors="ignore")
        lines = json.JSONDecoder().raw_decode(head)[0]
    except json.JSONDecodeError:  # a campaign of very many problem types
        lines = json.JSONDecoder().raw_decode(content[start:].decode())[0]
    return lines


def document_of(content: bytes) -> Document:
    """All that was signed, personal numbers masked: the seal covers those that were stored before they were refused."""
    document: Document = masked(json.loads(content))
    return document
