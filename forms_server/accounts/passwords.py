"""Passwords: one-use ones that can be read aloud, and how passwords are stored and verified."""

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PLAIN_CHARACTERS = "23456789abcdefghjkmnpqrstuvwxyz"
"""No 0 and o, no 1, l and i: a one-use password is read aloud and copied from paper."""

_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)  # OWASP's Argon2id, 19 MiB each
_at_once = BoundedSemaphore(2)  # keeps a worker's memory small when many sign in together


def one_use() -> str:
    """A random password such as ``k7mp-x3fh-29tq`` (59 bits)."""
    return "-".join("".join(secrets.choice(PLAIN_CHARACTERS) for _ in range(4)) for _ in range(3))


def hash_password(password: str) -> str:
    """The Argon2id hash to store."""
    with _at_once:
        return _hasher.hash(_plain(password))


def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password matches the hash; without a hash False, in the same time (no timing oracle)."""
    try:
        with _at_once:
            _hasher.verify(password_hash or _dummy_hash(), _plain(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def _plain(password: str) -> str:
    """Normalize the full-width letters and digits of Chinese keyboards to ASCII."""
    return unicodedata.normalize("NFKC", password)


@cache
def _dummy_hash() -> str:
    """Dummy hash for unknown accounts, so that verification takes constant time."""
    return _hasher.hash(secrets.token_urlsafe())
