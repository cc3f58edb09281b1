"""Passwords: one-use ones that can be read aloud, what a chosen one must be, and how they are stored."""

import secrets
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_LENGTH = 10
MAX_LENGTH = 128
"""Longer ones only cost time to hash."""

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


def weakness(password: str, names: Iterable[str]) -> str | None:
    """Why a chosen password is too weak, as a sentence; None where it will do.

    Args:
        password: what was chosen.
        names: the account's and its unit's names and codes, which others guess first.
    """
    plain = _plain(password).casefold()
    if not MIN_LENGTH <= len(plain) <= MAX_LENGTH:
        return f"密码应为 {MIN_LENGTH} 到 {MAX_LENGTH} 个字符，请重新设置"
    if len(set(plain)) < 5:
        return "密码里不同的字符太少，容易被猜到，请换一个"
    if any(_mostly(plain, _plain(name).casefold()) for name in names):
        return "密码不能用账号名或单位名，请换一个"
    if any(_mostly(plain, word) for word in _common()):
        return "这是常见的密码，容易被猜到，请换一个"
    return None


def _mostly(password: str, word: str) -> bool:
    """Whether a password is a known word padded with a few characters or a date."""
    if not word or word not in password:
        return False
    rest = password.replace(word, "")
    return len(rest) < 5 or (rest.isdigit() and len(rest) <= 8)


def _plain(password: str) -> str:
    """Normalize the full-width letters and digits of Chinese keyboards to ASCII."""
    return unicodedata.normalize("NFKC", password)


@cache
def _common() -> tuple[str, ...]:
    """The common passwords of ``common_passwords.txt``."""
    return tuple(Path(__file__).with_name("common_passwords.txt").read_text(encoding="utf-8").split())


@cache
def _dummy_hash() -> str:
    """Dummy hash for unknown accounts, so that verification takes constant time."""
    return _hasher.hash(secrets.token_urlsafe())
