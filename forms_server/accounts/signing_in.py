"""Sign-in: name and password, then the second factor of accounts that have one."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import passwords, sessions
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.accounts.account_names import clean_name
from forms_server.accounts.known_devices import is_known_network, known_device, remember_device
from forms_server.accounts.networks import network_of
from forms_server.accounts.second_factor import accept_code, factor_of
from forms_server.accounts.sign_in_throttle import (
    LOCK_MINUTES,
    MAX_FAILURES,
    FailureCount,
    clear,
    count_failure,
    count_of_account,
    counts_of,
    locked,
)
from forms_server.db import tables
from forms_server.db.engine import transaction
from forms_server.services import Services

WRONG = f"账号或密码不对，请核对后再输。连续输错 {MAX_FAILURES} 次，{LOCK_MINUTES} 分钟内不能登录。"
LOCKED = f"连续输错 {MAX_FAILURES} 次，已暂停登录，请 {LOCK_MINUTES} 分钟后再试，或请办公室重置密码。"
NETWORK_LOCKED = (
    f"从您这里的网络输错密码的次数太多，没有登录过的设备暂停登录：请 {LOCK_MINUTES} 分钟后再试，"
    "或者用以前登录过的手机、电脑登录。"
)
EXPIRED = "一次性密码已过期，请联系办公室重新发一个。"
WRONG_CODE = "动态码不对：请看手机上现在的六位数字（每个只能用一次），或者输入一个没有用过的恢复码。"
TOO_LATE = "离输入密码的时间太长了，请重新登录。"
CODE_LOCKED = f"连续输错 {MAX_FAILURES} 次，请 {LOCK_MINUTES} 分钟后再登录。"

CODE_WITHIN = timedelta(minutes=10)
"""Time between password and code."""

_account, _pending = tables.account, tables.pending_sign_in


@dataclass(frozen=True)
class Browser:
    """Where a sign-in comes from."""

    client: str = ""
    """The user agent."""
    address: str = ""
    device: str = ""
    """The token by which it may be known."""


@dataclass(frozen=True)
class SignedIn:
    """Signed in: who, and the tokens for the cookies."""

    account: Account
    token: str
    device: str = ""


@dataclass(frozen=True)
class CodeNeeded:
    """The password is right; the second factor is asked next, with this token."""

    account: Account
    token: str


@dataclass(frozen=True)
class SignInRefused:
    """Not signed in."""

    message: str


def sign_in(
    services: Services, typed_name: str, password: str, browser: Browser
) -> SignedIn | CodeNeeded | SignInRefused:
    """Authenticate by name and password, in the same time for known, unknown and disabled names."""
    at = services.clock.now()
    with services.engine.connect() as connection:
        found = _credentials(connection, typed_name)
        account = found[0] if found else None
        counts = _counts(connection, account, typed_name, browser, at)
        if full := locked(connection, counts, at):  # before the hashing, which is what guessing would cost us
            return _refused(full)
    fits = passwords.verify(found[1] if found else None, password)
    with transaction(services.engine) as connection:
        # Checked again after verification: another worker may have counted the last failure meanwhile.
        if full := locked(connection, counts, at):
            return _refused(full)
        if not fits or account is None or found is None:
            return _refused(count_failure(connection, counts, at))
        clear(connection, counts)
        if account.must_change_password and _is_over(found[2], services.config.policy.one_use, at):
            return SignInRefused(EXPIRED)
        if factor_of(connection, account.id):
            return CodeNeeded(account, _begin_pending(connection, account, at))
        return _admit(connection, services, account, browser)


def give_code(
    services: Services, token: str, typed: str, browser: Browser
) -> SignedIn | CodeNeeded | SignInRefused:
    """Finish a sign-in with the second factor.

    Returns:
        ``CodeNeeded`` with the same token where the code is wrong and another may be tried.
    """
    at = services.clock.now()
    with transaction(services.engine) as connection:
        asked = _pending.c.token_hash == sessions.hash_token(token)
        query = select(*ACCOUNT_COLUMNS).join(_pending, _pending.c.account_id == _account.c.id)
        live = asked, _pending.c.expires_at > at, _account.c.disabled.is_(False)
        row = connection.execute(query.where(*live)).one_or_none()
        if row is None:
            return SignInRefused(TOO_LATE)
        account = Account.from_row(row)
        counts = [count_of_account("code", account.id, account.name)]
        if locked(connection, counts, at):
            return SignInRefused(CODE_LOCKED)
        if not accept_code(connection, at, account, typed):
            if count_failure(connection, counts, at) is None:
                return CodeNeeded(account, token)
            connection.execute(delete(_pending).where(_pending.c.account_id == account.id))
            return SignInRefused(CODE_LOCKED)
        clear(connection, counts)
        connection.execute(delete(_pending).where(asked))
        return _admit(connection, services, account, browser)


def check_password(services: Services, account: Account, password: str) -> str | None:
    """Verify the signed-in account's password again; failures count apart from strangers' attempts to sign in.

    Returns:
        Why not, as a sentence; None where it is right.
    """
    at, counts = services.clock.now(), [count_of_account("password", account.id, account.name)]
    with services.engine.connect() as connection:
        password_hash = connection.execute(
            select(_account.c.password_hash).where(_account.c.id == account.id)
        ).scalar()
    fits = passwords.verify(password_hash, password)
    with transaction(services.engine) as connection:
        if locked(connection, counts, at):
            return LOCKED
        if fits:
            return None
        return LOCKED if count_failure(connection, counts, at) else "密码不对，请重输"


def _credentials(connection: Connection, typed_name: str) -> tuple[Account, str, datetime | None] | None:
    """The account that may sign in under this name, its hash, and when its password was set."""
    name = clean_name(typed_name)
    if name is None:
        return None
    row = connection.execute(
        select(*ACCOUNT_COLUMNS).where(_account.c.name == name, _account.c.disabled.is_(False))
    ).one_or_none()
    return (Account.from_row(row), row.password_hash, row.password_set_at) if row else None


def _counts(
    connection: Connection, account: Account | None, typed_name: str, browser: Browser, at: datetime
) -> Sequence[FailureCount]:
    network = network_of(browser.address)
    device = known_device(connection, account.id, browser.device, at) if account else None
    known = account is not None and is_known_network(connection, account.id, network)
    return counts_of(typed_name, network, known_network=known, device=device)


def _refused(full: FailureCount | None) -> SignInRefused:
    if full is None:
        return SignInRefused(WRONG)
    return SignInRefused(NETWORK_LOCKED if full.whole_network else LOCKED)


def _is_over(set_at: datetime | None, valid: timedelta, at: datetime) -> bool:
    return set_at is not None and set_at + valid <= at


def _begin_pending(connection: Connection, account: Account, at: datetime) -> str:
    connection.execute(delete(_pending).where(_pending.c.expires_at <= at))
    token = secrets.token_urlsafe(32)
    row = {
        "token_hash": sessions.hash_token(token), "account_id": account.id, "expires_at": at + CODE_WITHIN,
    }  # fmt: skip
    connection.execute(insert(_pending).values(row))
    return token


def _admit(connection: Connection, services: Services, account: Account, browser: Browser) -> SignedIn:
    at = services.clock.now()
    device = remember_device(connection, account.id, browser.device, network_of(browser.address), at)
    token = start_session(connection, services, account, browser)
    audit.record(connection, at, account, "account", account.id, "sign-in", alters=False)
    return SignedIn(account, token, device)


def start_session(connection: Connection, services: Services, account: Account, browser: Browser) -> str:
    """Start a session as long as the account's role may have one; the longest idle one makes room for it."""
    at, policy = services.clock.now(), services.config.policy
    sessions.make_room(connection, account.id, policy.most_sessions - 1)
    lifetime = policy.absolute_of(account.role)
    return sessions.start(connection, at, account.id, lifetime, browser.client, browser.address)
