"""Sign-in with a throttle per name: five failures lock it for a while; unknown names behave like known ones."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from forms_server import audit
from forms_server.account import Account
from forms_server.accounts import passwords, sessions
from forms_server.accounts.account_columns import ACCOUNT_COLUMNS
from forms_server.accounts.account_names import clean_name, name_hash
from forms_server.db import tables
from forms_server.db.engine import insert_or, transaction
from forms_server.services import Services

MAX_FAILURES = 5
LOCK_MINUTES = 15
LOCK = timedelta(minutes=LOCK_MINUTES)

WRONG = f"账号或密码不对，请核对后再输。连续输错 {MAX_FAILURES} 次，该账号 {LOCK_MINUTES} 分钟内不能登录。"
LOCKED = f"连续输错 {MAX_FAILURES} 次，该账号已暂停登录，请 {LOCK_MINUTES} 分钟后再试，或请办公室重置密码。"

_failure = tables.sign_in_failure
_account = tables.account


@dataclass(frozen=True)
class SignedIn:
    """Signed in: who, and the token for the cookie."""

    account: Account
    token: str


@dataclass(frozen=True)
class SignInRefused:
    """Not signed in."""

    message: str


def sign_in(services: Services, typed_name: str, password: str, client: str) -> SignedIn | SignInRefused:
    """Authenticate by name and password, in the same time for known, unknown and disabled names."""
    at = services.clock.now()
    with services.engine.connect() as connection:
        account, password_hash = _credentials(connection, typed_name)
    fits = passwords.verify(password_hash, password)
    with transaction(services.engine) as connection:
        # Checked after verification: another worker may have counted the fifth failure meanwhile.
        if _locked(connection, name_hash(typed_name), at):
            return SignInRefused(LOCKED)
        if not fits or account is None:
            return SignInRefused(LOCKED if _count_failure(connection, name_hash(typed_name), at) else WRONG)
        connection.execute(delete(_failure).where(_failure.c.name_hash == name_hash(typed_name)))
        token = sessions.start(connection, at, account.id, services.config.session_absolute, client)
        audit.record(connection, at, account, "account", account.id, "sign-in")
    return SignedIn(account, token)


def check_password(services: Services, account: Account, password: str) -> str | None:
    """Verify the signed-in account's password; failures count towards the same throttle.

    Returns:
        Why not, as a sentence; None where it is right.
    """
    at, key = services.clock.now(), name_hash(account.name)
    with services.engine.connect() as connection:
        password_hash = connection.execute(
            select(_account.c.password_hash).where(_account.c.id == account.id)
        ).scalar()
    fits = passwords.verify(password_hash, password)
    with transaction(services.engine) as connection:
        if _locked(connection, key, at):
            return LOCKED
        if fits:
            return None
        return LOCKED if _count_failure(connection, key, at) else "密码不对，请重输"


def _credentials(connection: Connection, typed_name: str) -> tuple[Account | None, str | None]:
    """The account that may sign in under this name, and its hash."""
    name = clean_name(typed_name)
    if name is None:
        return None, None
    row = connection.execute(
        select(*ACCOUNT_COLUMNS).where(_account.c.name == name, _account.c.disabled.is_(False))
    ).one_or_none()
    return (Account.from_row(row), row.password_hash) if row else (None, None)


def _locked(connection: Connection, key: str, at: datetime) -> bool:
    until = connection.execute(select(_failure.c.locked_until).where(_failure.c.name_hash == key)).scalar()
    return until is not None and until > at


def _count_failure(connection: Connection, key: str, at: datetime) -> bool:
    """Count a failed sign-in (atomic upsert).

    Returns:
        Whether the name is locked now.
    """
    # Old failures expire, so that five typos in a year do not lock a name and the table stays small.
    connection.execute(delete(_failure).where(_failure.c.last_at <= at - LOCK))
    # A single upsert, so that concurrent failures in two workers are both counted.
    count = insert_or(connection, _failure).values(name_hash=key, failures=1, last_at=at)
    count = count.on_conflict_do_update(
        index_elements=[_failure.c.name_hash], set_={"failures": _failure.c.failures + 1, "last_at": at}
    )
    failures = connection.execute(count.returning(_failure.c.failures)).scalar_one()
    if failures < MAX_FAILURES:
        return False
    connection.execute(update(_failure).where(_failure.c.name_hash == key).values(locked_until=at + LOCK))
    return True
