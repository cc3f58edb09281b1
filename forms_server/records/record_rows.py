"""SQL statements on the record tables, shared by all changes.

Those that run under the write lock are compiled once and cached.
"""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Executable, Select, Table, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite

from checklist.identity_cache import IdentityCache
from checklist.model import Campaign, RecordForm
from forms_server import audit
from forms_server.account import Account
from forms_server.db.record_columns import TABLES
from forms_server.desk import Desk, NotFound
from forms_server.given_reasons import ReasonSubject, keep_reason
from forms_server.records.issue_units import UNITS_TEXT, Naming, name_other_units
from forms_server.records.record import EditConflict, Record, to_record
from forms_server.scope import visible_records

_INSERT: Mapping[str, Callable[[Table], Any]] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
"""ON CONFLICT is dialect-specific in SQLAlchemy."""


_SEEN_ID, _SEEN_VERSION = "seen_id", "seen_version"
"""Names of parameters."""


def insert_once(connection: Connection, table: Table, columns: Mapping[str, Any]) -> bool:
    """Insert a row unless its primary key exists; return whether it was inserted.

    Of two concurrent inserts of one key, the second waits for the first.
    """
    return connection.execute(_insert_once(table, connection.dialect.name), columns).first() is not None


@cache
def _insert_once(table: Table, dialect: str) -> Executable:
    key = list(table.primary_key)
    # Not by rowcount, which is only kept for UPDATE and DELETE.
    return _INSERT[dialect](table).on_conflict_do_nothing(index_elements=key).returning(*key)  # type: ignore[no-any-return]


def find(desk: Desk, form: RecordForm, record_id: str) -> Record | None:
    """Return a record by id if visible to the account; None if the id is unused.

    Raises:
        NotFound: the record is outside the account's scope.
    """
    query = _found(form, desk.campaign, desk.account)
    row = desk.connection.execute(query, {_SEEN_ID: record_id}).mappings().one_or_none()
    if row is None:
        return None
    if row["campaign_id"] != desk.campaign.id or row["form_id"] != form.id or not row["seen"]:
        raise NotFound(record_id)
    return to_record(form, row)


def _found(form: RecordForm, campaign: Campaign, account: Account) -> Select[Any]:
    """The query by id for accounts of the same sight: building it takes longer than running it."""
    sight = account.role, account.unit_code, account.village_code, account.inspects
    return _FOUND.get(lambda: _find(form, campaign, account), (form, campaign), *sight)


_FOUND: IdentityCache[Select[Any]] = IdentityCache(512)


def _find(form: RecordForm, campaign: Campaign, account: Account) -> Select[Any]:
    table = TABLES[form.kind]
    seen = visible_records(form, campaign, account).label("seen")
    return select(table, seen).where(table.c.id == bindparam(_SEEN_ID))


def get(desk: Desk, form: RecordForm, record_id: str) -> Record:
    """Return a record by id.

    Raises:
        NotFound: no such record, or outside the account's scope.
    """
    record = find(desk, form, record_id)
    if record is None:
        raise NotFound(record_id)
    return record


def change(
    desk: Desk,
    record: Record,
    base_version: int,
    columns: Mapping[str, Any],
    action: str,
    what: Mapping[str, Any],
) -> Record:
    """Update a record under optimistic locking, and append its audit row.

    Args:
        action: for the audit: an ``Action``, or a move's id.
        what: details for the audit: field ids and states, never values, which could be names.

    Raises:
        Conflict: its version changed.
    """
    table = TABLES[record.form.kind]
    audit.note_unfit(desk.connection, desk.now, desk.account, table.name, [record.id])
    stamps = {"version": base_version + 1, "changed_at": desk.now}
    seen = {_SEEN_ID: record.id, _SEEN_VERSION: base_version}
    if desk.connection.execute(_change(table), {**columns, **stamps, **seen}).rowcount != 1:
        raise EditConflict(get(desk, record.form, record.id))
    if columns.get(UNITS_TEXT, record.values.get(UNITS_TEXT)) != record.values.get(UNITS_TEXT):
        naming = Naming(record.id, record.unit_code, columns[UNITS_TEXT])
        name_other_units(desk.connection, desk.campaign, naming)
    audit.record(desk.connection, desk.now, desk.account, table.name, record.id, action, what)
    if reason := columns.get("state_reason"):
        subject = ReasonSubject(table.name, record.id, desk.campaign.id, record.unit_code, record.form.id)
        keep_reason(desk.connection, desk.now, desk.account, subject, action, reason)
    return _reread(desk, record)


def _reread(desk: Desk, record: Record) -> Record:
    """The record as it is now, though the change may have ended the account's sight of it."""
    table = TABLES[record.form.kind]
    row = desk.connection.execute(select(table).where(table.c.id == record.id)).mappings().one()
    return to_record(record.form, row)


def is_seen(desk: Desk, record: Record) -> bool:
    """Whether the account still sees a record."""
    return is_in_sight(desk, record.form, record.id)


def is_in_sight(desk: Desk, form: RecordForm, record_id: str) -> bool:
    """Whether there is a record of that id that the account sees."""
    try:
        return find(desk, form, record_id) is not None
    except NotFound:
        return False


@cache
def _change(table: Table) -> Executable:
    """Build the update by id and expected version."""
    seen = table.c.id == bindparam(_SEEN_ID), table.c.version == bindparam(_SEEN_VERSION)
    return update(table).where(*seen)
