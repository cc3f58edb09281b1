"""Keyed digests of stored rows: what a record looked like when its last audit row was written.

A digest covers every stored column of a record's rows, in one canonical form on SQLite and PostgreSQL. It stands in
the record's audit row, whose hash covers it: a row that was changed, removed or added past the program has another
digest than its last audit row, or none.

Columns without a value are left out, so that a migration that adds an empty column leaves digests as they are. JSON's
null is none: a backup tells it from nothing as little as the program does.
"""

import hashlib
import hmac
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import (
    JSON,
    ColumnElement,
    Connection,
    DefaultClause,
    Integer,
    LargeBinary,
    Select,
    String,
    Table,
    bindparam,
    column,
    select,
    tuple_,
)
from sqlalchemy import table as lightweight
from sqlalchemy.types import TypeEngine

from forms_server.audit_chain import spell
from forms_server.db import tables
from forms_server.db.bulk_insert import text_of_moment
from forms_server.db.driver_statements import run

GONE = ""
"""Digest of a record that is not there."""

SEAL = "seal"
"""The audit's word for the first digest of a record of an older version."""

_AT_ONCE = 500
_FEW = 3
"""Records that are read one by one."""
_LENGTH = 32
"""Hexadecimal digits: 128 bits."""


class DigestPart(NamedTuple):
    """Rows of one table that belong to a record."""

    table: Table
    key: tuple[str, ...]
    """The columns that hold the record's identity, in its order."""


def _whole(table: Table) -> tuple[DigestPart, ...]:
    return (DigestPart(table, tuple(each.name for each in table.primary_key)),)


COVERED: Mapping[str, tuple[DigestPart, ...]] = {
    **{
        table.name: _whole(table)
        for table in (
            tables.account,
            tables.account_request,
            tables.assignment,
            tables.exemption,
            tables.expected_return,
            tables.extension,
            tables.extension_request,
            tables.finding,
            tables.household,
            tables.import_batch,
            tables.issue,
            tables.photo,
            tables.possible_double,
            tables.proposed_household,
            tables.register_row,
            tables.remembered_reading,
            tables.report_text,
            tables.return_scan,
            tables.signed_return,
            tables.spot_check,
            tables.spot_visit,
            tables.team,
            tables.team_member,
            tables.transfer,
            tables.village_zero_report,
            tables.zero_report,
        )
    },
    tables.draw.name: (
        DigestPart(tables.draw, ("id",)),
        DigestPart(tables.draw_row, ("draw_id",)),
        DigestPart(tables.draw_replacement, ("draw_id",)),
    ),
    tables.letter.name: (
        DigestPart(tables.letter, ("id",)),
        DigestPart(tables.letter_unit, ("letter_id",)),
    ),
    tables.inspection_finding.name: (
        DigestPart(tables.inspection_finding, ("id",)),
        DigestPart(tables.alike_issue, ("finding_id",)),
    ),
    tables.handed_in_figure.name: (DigestPart(tables.handed_in_figure, ("campaign_id", "unit_code")),),
    tables.late_entry.name: (
        DigestPart(tables.late_entry, ("id",)),
        DigestPart(tables.late_file, ("entry_id",)),
    ),
    tables.visit.name: (DigestPart(tables.visit, ("id",)), DigestPart(tables.visit_answer, ("visit_id",))),
}
"""The audit's subjects whose rows are digested; the first part has a row for each record."""

NOT_COVERED: Mapping[str, str] = {
    "audit": "its own hash chain covers it",
    "audit_head": "sealed with the audit's key",
    "calendar_feed": "an address that its account makes anew at will; shows counts only",
    "day_tally": "follows from the issues; compared with them before every summary",
    "draft": "what somebody types now; nobody else reads it",
    "field_pack": "what browsers tell of themselves; no record rests on it",
    "import_change": "what an undo brings back; the records themselves are covered",
    "issue_look": "who opened what before closing it; what follows from it stands in the issue",
    "issue_unit": "follows from the issues; made anew whenever the server starts",
    "known_device": "only keeps strangers' wrong tries from locking; renewed by every sign-in",
    "mail_address": "where one's own reminders go; they hold counts only",
    "pending_sign_in": "ends by itself within minutes",
    "person": "links rows of registers that name the same person, and offers members' names; rows say what counts",
    "recovery_code": "keyed hashes, which nobody can make without the audit's key",
    "given_reason": "beside the audit, which has who and when; the last reason stands in the record, which is covered",
    "chosen_column": "what one account chose to see; no record rests on it",
    "saved_filter": "what one account keeps for its own ledgers; no record rests on it",
    "second_factor": "its secret follows from the audit's key; every code that is used changes it",
    "session": "ends by itself; what is done with one leaves audit rows",
    "sign_in_failure": "forgotten after 15 minutes",
    "unit_contact": "whom the office telephones; no record rests on it, and changes leave audit rows",
    "wall_display": "an address that the office makes anew at will; shows counts only",
    "tally": "follows from the records; compared with them before every summary",
}
"""Tables without digests, with the reason."""


def subject_id(subject: str, row: Mapping[str, Any]) -> str:
    """The identity, within its subject, of the record that a row of its first table belongs to."""
    return "/".join(str(row[name]) for name in COVERED[subject][0].key)


def digests_of(
    connection: Connection, key: bytes, subject: str, identities: Iterable[str]
) -> Iterator[tuple[str, str]]:
    """Digests of many records as they are stored now, with their identities."""
    coming = iter(identities)
    while some := list(islice(coming, _AT_ONCE)):
        rows_of = _rows_of_few if len(some) <= _FEW else _rows_of_many
        found = [rows_of(connection, part, some) for part in COVERED[subject]]
        for identity in some:
            yield identity, _digest(key, subject, identity, [rows.get(identity, []) for rows in found])


def digests_of_written(
    key: bytes, subject: str, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterator[str]:
    """Digests of records that were just inserted, without reading them back: as ``digests_of`` gives them.

    Args:
        key: of the audit.
        subject: one whose records are rows of one table.
        names: the columns that were filled; all others have the table's default, or nothing.
        rows: as they were given to the driver (``bulk_insert``).
    """
    (part,) = COVERED[subject]
    stored, spellers = _columns(part.table)
    places = {name: place for place, name in enumerate(names)}
    unfilled = {name: default for name, default in _defaults(part.table).items() if name not in places}
    cells = [
        (name, spell_cell, places.get(name))
        for name, spell_cell in zip(stored, spellers, strict=True)
        if name in places or name in unfilled
    ]
    identity_at = [places[name] for name in part.key]
    for row in rows:
        spelled = {
            name: unfilled[name] if place is None else spell_cell(row[place]) if spell_cell else row[place]
            for name, spell_cell, place in cells
            if place is None or row[place] is not None
        }
        yield _digest(key, subject, "/".join(str(row[place]) for place in identity_at), [[spelled]])


@cache
def _defaults(table: Table) -> Mapping[str, int]:
    """What the database puts into columns that are not filled: numbers, and 0 or 1 for yes and no."""
    given = {
        each.name: each.server_default for each in table.c if isinstance(each.server_default, DefaultClause)
    }
    return {name: _NUMBERS[str(clause.arg)] for name, clause in given.items()}


_NUMBERS: Mapping[str, int] = {"false": 0, "true": 1, "0": 0}
"""Of the defaults that the tables have."""


def identities(connection: Connection, subject: str) -> Iterator[str]:
    """The identities of all stored records of a subject."""
    part = COVERED[subject][0]
    query = select(*(part.table.c[name] for name in part.key)).distinct().order_by(*part.key)
    with connection.execute(query.execution_options(yield_per=10_000)) as found:
        for row in found:
            yield "/".join(map(str, row))


def _digest(key: bytes, subject: str, identity: str, parts: Sequence[Sequence[Mapping[str, Any]]]) -> str:
    if not parts[0]:
        return GONE
    content = spell([subject, identity, *parts])
    return hmac.digest(key, b"record\n" + content.encode(), "sha256").hex()[:_LENGTH]


Rows = dict[str, list[dict[str, Any]]]
"""By the identity of their record."""


def _rows_of_few(connection: Connection, part: DigestPart, identities: Sequence[str]) -> Rows:
    """For every filing: the statements go through the driver."""
    names, spellers = _columns(part.table)
    found: Rows = {}
    for identity in identities:
        key = dict(zip(part.key, _split(part, identity), strict=True))
        found[identity] = [_spelled(names, spellers, row) for row in run(connection, _one(part), key)]
    return found


def _rows_of_many(connection: Connection, part: DigestPart, identities: Sequence[str]) -> Rows:
    keys = [_split(part, identity) for identity in identities]
    given = [key[0] for key in keys] if len(part.key) == 1 else keys
    names, spellers = _columns(part.table)
    found: Rows = {}
    for row in connection.execute(_many(part), {"keys": given}):
        spelled = _spelled(names, spellers, row)
        found.setdefault("/".join(str(spelled[name]) for name in part.key), []).append(spelled)
    return found


def _split(part: DigestPart, identity: str) -> tuple[str, ...]:
    return tuple(identity.split("/", len(part.key) - 1))


@cache
def _select(part: DigestPart) -> Select[Any]:
    """The rows with untyped columns: their cells come as the driver has them, and order is that of the key."""
    names, _ = _columns(part.table)
    source = lightweight(part.table.name, *(column(name) for name in names))
    order = [source.c[each.name] for each in part.table.primary_key]
    return select(*source.c).order_by(*order)


@cache
def _many(part: DigestPart) -> Select[Any]:
    columns: list[ColumnElement[Any]] = [column(name) for name in part.key]
    at = columns[0] if len(columns) == 1 else tuple_(*columns)
    return _select(part).where(at.in_(bindparam("keys", expanding=True)))


@cache
def _one(part: DigestPart) -> Select[Any]:
    return _select(part).where(*(column(name) == bindparam(name) for name in part.key))


Speller = Callable[[Any], Any]


@cache
def _columns(table: Table) -> tuple[tuple[str, ...], tuple[Speller | None, ...]]:
    """The stored columns in the order of their names, each with what makes its cells alike on both databases."""
    stored = sorted((each for each in table.c if each.computed is None), key=lambda each: each.name)
    return tuple(each.name for each in stored), tuple(_speller(each.type) for each in stored)


def _speller(kind: TypeEngine[Any]) -> Speller | None:
    """None where the cells are alike already."""
    if isinstance(kind, String | Integer):
        return None
    return _json if isinstance(kind, JSON) else _bytes if isinstance(kind, LargeBinary) else _plain


def _spelled(names: Sequence[str], spellers: Sequence[Speller | None], row: Iterable[Any]) -> dict[str, Any]:
    return {
        name: spelled
        for name, spell_cell, cell in zip(names, spellers, row, strict=True)
        if cell is not None and (spelled := spell_cell(cell) if spell_cell else cell) is not None
    }


def _plain(cell: Any) -> Any:
    if isinstance(cell, date):
        return text_of_moment(cell)
    return int(cell) if isinstance(cell, bool) else cell


def _json(cell: Any) -> Any:
    return json.loads(cell) if isinstance(cell, str) else cell


def _bytes(cell: Any) -> str:
    return hashlib.sha256(cell).hexdigest()
