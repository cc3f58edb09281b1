"""Tamper-evident seal of signed returns: a hash of the content, and an HMAC with the server's key.

The hash alone does not suffice: write access to the database can change both content and hash.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from forms_server.returns.return_document import digest, plain

_PURPOSE = "signed-return"
"""Domain separation: the same key seals other things."""

SEALED = (
    "id", "campaign_id", "unit_code", "number", "sha256", "signed_by", "signed_name", "signed_at", "late",
)  # fmt: skip
"""Columns covered by the seal, the content by its hash. The audit's chain covers later actions of the office."""


def seal(key: bytes, row: Mapping[str, Any]) -> str:
    """Compute the seal of a row with the columns ``SEALED``."""
    facts = [_PURPOSE, *(plain(row[name]) for name in SEALED)]
    return hmac.new(key, json.dumps(facts).encode(), hashlib.sha256).hexdigest()


def is_genuine(key: bytes, row: Mapping[str, Any]) -> bool:
    """Verify that a row's content, hash and seal match."""
    fits = hmac.compare_digest(digest(row["content"]), row["sha256"])
    return fits and hmac.compare_digest(seal(key, row), row["seal"])
