"""Second factor: one-time codes of a telephone (TOTP, RFC 6238), and recovery codes on paper.

The secret is derived from a stored salt and the audit's key: who reads the database alone can make no codes.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime

import pyotp
from sqlalchemy import Connection, delete, func, insert, select, update

from checklist.china_time import ZONE
from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import passwords
from forms_server.db import tables
from forms_server.db.engine import audit_key, insert_or

STEP = 30
"""Seconds that a code is shown."""
_DRIFT = (0, -1, 1)
"""Steps that a telephone's clock may be off."""
RECOVERY_CODES = 10

_factor, _code = tables.second_factor, tables.recovery_code
_TOTP = re.compile(r"\d{6}")


@dataclass(frozen=True)
class FactorState:
    """An account's second factor."""

    confirmed_at: datetime
    codes_left: int
    """Recovery codes that have not been used."""


@dataclass(frozen=True)
class Enrolment:
    """What a telephone needs to know."""

    secret: str
    """In base32, to be typed where no camera is."""
    address: str
    """``otpauth://``, for the QR code."""


def factor_of(connection: Connection, account_id: str) -> FactorState | None:
    """The account's second factor; None if it has none."""
    query = select(_factor.c.confirmed_at).where(_factor.c.account_id == account_id)
    confirmed_at = connection.execute(query).scalar()
    if confirmed_at is None:
        return None
    left = select(func.count()).where(_code.c.account_id == account_id, _code.c.used_at.is_(None))
    return FactorState(confirmed_at, connection.execute(left).scalar_one())


def accounts_with_factor(connection: Connection) -> frozenset[str]:
    """Ids of the accounts that have a second factor."""
    confirmed = select(_factor.c.account_id).where(_factor.c.confirmed_at.is_not(None))
    return frozenset(connection.execute(confirmed).scalars())


def begin_enrolment(connection: Connection, account: Account, issuer: str) -> Enrolment:
    """Give the secret to be read into a telephone; the same until a code has confirmed it.

    Raises:
        ValueError: the account has a second factor already.
    """
    if factor_of(connection, account.id):
        raise ValueError(account.id)
    row = {"account_id": account.id, "salt": secrets.token_hex(20), "last_step": 0}
    connection.execute(insert_or(connection, _factor).values(row).on_conflict_do_nothing())
    totp = _totp(connection, account.id)
    assert totp
    return Enrolment(totp.secret, totp.provisioning_uri(name=account.name, issuer_name=issuer))


def confirm_enrolment(
    connection: Connection, at: datetime, account: Account, typed: str
) -> tuple[str, ...] | None:
    """Turn the second factor on with its first code.

    Returns:
        Recovery codes, to be shown once; None where the code is not right.
    """
    if factor_of(connection, account.id) or not _accept_totp(connection, at, account.id, typed):
        return None
    connection.execute(update(_factor).where(_factor.c.account_id == account.id).values(confirmed_at=at))
    audit.record(connection, at, account, "account", account.id, "factor-on", alters=False)
    return _new_codes(connection, account.id)


def renew_codes(connection: Connection, at: datetime, account: Account) -> tuple[str, ...]:
    """Replace the recovery codes; those on paper are worth nothing any more."""
    audit.record(connection, at, account, "account", account.id, "factor-codes", alters=False)
    return _new_codes(connection, account.id)


def accept_code(connection: Connection, at: datetime, account: Account, typed: str) -> bool:
    """Whether a code of the telephone or a recovery code is right; each is right once only."""
    if factor_of(connection, account.id) is None:
        return False
    if _accept_totp(connection, at, account.id, typed):
        return True
    unused = _code.c.account_id == account.id, _code.c.used_at.is_(None)
    given = _code.c.code_hash == _hash(connection, typed)
    used = connection.execute(update(_code).where(*unused, given).values(used_at=at)).rowcount == 1
    if used:
        audit.record(connection, at, account, "account", account.id, "factor-code-used", alters=False)
    return used


def remove_factor(connection: Connection, account_id: str) -> bool:
    """Remove a second factor and its recovery codes; the caller writes the audit. Whether there was one."""
    connection.execute(delete(_code).where(_code.c.account_id == account_id))
    return connection.execute(delete(_factor).where(_factor.c.account_id == account_id)).rowcount == 1


def _new_codes(connection: Connection, account_id: str) -> tuple[str, ...]:
    connection.execute(delete(_code).where(_code.c.account_id == account_id))
    codes = tuple(passwords.one_use() for _ in range(RECOVERY_CODES))
    rows = [{"account_id": account_id, "code_hash": _hash(connection, code)} for code in codes]
    connection.execute(insert(_code), rows)
    return codes


def _accept_totp(connection: Connection, at: datetime, account_id: str, typed: str) -> bool:
    """Accept a code whose step is later than that of the last one: a code that was seen cannot be replayed."""
    digits = "".join(unicodedata.normalize("NFKC", typed).split())
    totp = _totp(connection, account_id)
    if totp is None or not _TOTP.fullmatch(digits):
        return False
    now = int(at.replace(tzinfo=ZONE).timestamp()) // STEP
    steps = [now + drift for drift in _DRIFT if hmac.compare_digest(totp.generate_otp(now + drift), digits)]
    if not steps:
        return False
    later = _factor.c.account_id == account_id, _factor.c.last_step < steps[0]
    return connection.execute(update(_factor).where(*later).values(last_step=steps[0])).rowcount == 1


def _totp(connection: Connection, account_id: str) -> pyotp.TOTP | None:
    salt = connection.execute(select(_factor.c.salt).where(_factor.c.account_id == account_id)).scalar()
    if salt is None:
        return None
    content = f"second factor\n{account_id}\n{salt}".encode()
    digest = hmac.digest(audit_key(connection), content, hashlib.sha256)[:20]
    return pyotp.TOTP(base64.b32encode(digest).decode(), interval=STEP)


def _hash(connection: Connection, typed: str) -> str:
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).lower() if each.isalnum())
    return hmac.digest(
        audit_key(connection), b"recovery code\n" + plain.encode("utf-8", "replace"), hashlib.sha256
    ).hex()
