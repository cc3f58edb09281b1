"""The order of a draw: HMAC-SHA256 with the seed as key over a record's id, ascending.

Whoever has the seed and the list repeats it with any tool, for example
``printf ID | openssl dgst -sha256 -hmac SEED``. A record of weight n has n tickets, ``ID``, ``ID#2`` … ``ID#n``, and
the place of its best one: it is drawn n times as likely as one with a single ticket (successive sampling).
"""

import hashlib
import hmac
import secrets

SHORTEST_SEED = 16
"""Characters: a shorter one could be found by trying."""


def new_seed() -> str:
    """Return a random seed (128 bits), in groups that can be written down."""
    digits = secrets.token_hex(16)
    return "-".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def seed_hash(seed: str) -> str:
    """Return the hash that is published before the draw: SHA-256 of the seed as UTF-8, in hexadecimal."""
    return hashlib.sha256(seed.encode()).hexdigest()


def order_key(seed: str, record_id: str, weight: int = 1) -> str:
    """Return the place of a record in the order, as hexadecimal digits to sort by."""
    return min(
        hmac.digest(seed.encode(), each.encode(), "sha256").hex() for each in _tickets(record_id, weight)
    )


def _tickets(record_id: str, weight: int) -> list[str]:
    return [record_id, *(f"{record_id}#{number}" for number in range(2, weight + 1))]
