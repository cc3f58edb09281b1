"""Throttle of failed sign-ins: by name and network, by network, by name, and by known device.

Everybody knows the names of a county's accounts, so a stranger's wrong tries must not lock them: a name is locked for
the network from which they come. A browser in which the account signed in before has a count of its own, and
a network from which it did is not held up by what comes from elsewhere. Unknown names behave like known ones.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from forms_server.accounts.account_names import name_hash
from forms_server.db import tables
from forms_server.db.engine import insert_or

MAX_FAILURES = 5
"""Of one name from one network, from one known device, or at an open session."""
MAX_OF_NAME = 30
"""Of one name from everywhere: then only known devices and networks may sign in to it."""
MAX_OF_NETWORK = 50
"""Of all names from one network, behind which there may be a whole office."""

LOCK_MINUTES = 15
LOCK = timedelta(minutes=LOCK_MINUTES)

_failure = tables.sign_in_failure


@dataclass(frozen=True)
class FailureCount:
    """A count of failures."""

    key: str
    most: int
    name_hash: str | None = None
    """The name that it is about: a new password clears the counts of a name."""
    whole_network: bool = False


def counts_of(name: str, network: str, *, known_network: bool, device: str | None) -> Sequence[FailureCount]:
    """The counts that an attempt is checked against and adds to.

    Args:
        name: as it was typed.
        network: from :func:`networks.network_of`.
        known_network: whether the account has signed in from there.
        device: hash of a known device's token; None for an unknown one.
    """
    of = name_hash(name)
    if device:
        return [FailureCount(_key("device", of, device), MAX_FAILURES, of)]
    counts = [
        FailureCount(_key("name at network", of, network), MAX_FAILURES, of),
        FailureCount(_key("network", network), MAX_OF_NETWORK, whole_network=True),
    ]
    return counts if known_network else [*counts, FailureCount(_key("name", of), MAX_OF_NAME, of)]


def count_of_account(what: str, account_id: str, name: str) -> FailureCount:
    """The count of what is asked again of an account that has given its password: apart from strangers' tries."""
    return FailureCount(_key(what, account_id), MAX_FAILURES, name_hash(name))


def locked(connection: Connection, counts: Iterable[FailureCount], at: datetime) -> FailureCount | None:
    """The first of these counts that is locked."""
    for count in counts:
        query = select(_failure.c.locked_until).where(_failure.c.key == count.key)
        until = connection.execute(query).scalar()
        if until is not None and until > at:
            return count
    return None


def count_failure(
    connection: Connection, counts: Iterable[FailureCount], at: datetime
) -> FailureCount | None:
    """Count a failed attempt.

    Returns:
        The first count that is locked now.
    """
    # Old failures expire, so that five typos in a year do not lock a name and the table stays small.
    connection.execute(delete(_failure).where(_failure.c.last_at <= at - LOCK))
    full = [count for count in counts if _add(connection, count, at) >= count.most]
    for count in full:
        values = update(_failure).where(_failure.c.key == count.key).values(locked_until=at + LOCK)
        connection.execute(values)
    return full[0] if full else None


def is_first(connection: Connection, counts: Sequence[FailureCount]) -> bool:
    """Whether the failure that was just counted is the first one of the first count."""
    query = select(_failure.c.failures).where(_failure.c.key == counts[0].key)
    return connection.execute(query).scalar() == 1


def clear(connection: Connection, counts: Iterable[FailureCount]) -> None:
    """Forget the failures before a right password, but not those of a whole network, where other names count, too."""
    keys = [count.key for count in counts if not count.whole_network]
    connection.execute(delete(_failure).where(_failure.c.key.in_(keys)))


def clear_name(connection: Connection, name: str) -> None:
    """Forget the failures of a name, wherever they came from."""
    connection.execute(delete(_failure).where(_failure.c.name_hash == name_hash(name)))


def _add(connection: Connection, count: FailureCount, at: datetime) -> int:
    # A single upsert, so that concurrent failures in two workers are both counted.
    added = insert_or(connection, _failure).values(
        key=count.key, name_hash=count.name_hash, failures=1, last_at=at
    )
    added = added.on_conflict_do_update(
        index_elements=[_failure.c.key], set_={"failures": _failure.c.failures + 1, "last_at": at}
    )
    return int(connection.execute(added.returning(_failure.c.failures)).scalar_one())


def _key(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
