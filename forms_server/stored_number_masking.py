"""Masking of personal numbers that were stored before they were refused: every digit becomes a star.

New ones are refused at every way in: ``checklist.reading.personal_numbers``.

What a seal covers stays as it is and is masked where it is shown: the audit, and the content of signed returns.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Table, select, update

from checklist.reading.person_names import fold_name
from checklist.reading.personal_numbers import masked
from forms_server import audit
from forms_server.db import tables
from forms_server.record_digests import COVERED, subject_id

_OF_RECORDS = ("householder", "household_type", "extra", "state_reason")
TEXTS: Mapping[Table, tuple[str, ...]] = {
    tables.account: ("display_name",),
    tables.draft: ("typed",),
    tables.draw_replacement: ("reason",),
    tables.exemption: ("reason", "words", "answer"),
    tables.extension: ("new_text", "reason"),
    tables.extension_request: ("new_text", "reason", "answer"),
    tables.finding: ("found_by", "content"),
    tables.given_reason: ("reason",),
    tables.handed_in_figure: ("text",),
    tables.household: ("number", "householder", "household_type"),
    tables.import_batch: ("file_name", "figures_before"),
    tables.import_change: ("before", "after"),
    tables.inspection_finding: ("content", "objection", "decision"),
    tables.issue: (
        *_OF_RECORDS, "content", "measures", "responsible_person", "responsible_unit", "deadline_text", "outcome",
        "found_by",
    ),
    tables.late_entry: ("title", "typed", "reason"),
    tables.late_file: ("file_name",),
    tables.letter_unit: ("answer",),
    tables.person: ("name",),
    tables.proposed_household: (*_OF_RECORDS, "reason"),
    tables.register_row: ("extra", "texts", "state_reason"),
    tables.remembered_reading: ("typed",),
    tables.report_text: ("text",),
    tables.signed_return: ("reason",),
    tables.spot_check: ("words",),
    tables.spot_visit: ("outside_reason", "note"),
    tables.transfer: ("handed_to", "units_before", "units_after", "reason", "answer"),
    tables.visit: ("householder", "household_type", "extra", "visited_by"),
}  # fmt: skip
"""The columns that hold what people wrote; a test names every other column of text."""

ACTION = "mask"
"""The audit's word for it."""


@dataclass(frozen=True)
class Masked:
    """What was masked: rows by table; and the sign-in names that are such numbers, which stay."""

    rows: Mapping[str, int] = field(default_factory=dict)
    accounts: int = 0

    def __bool__(self) -> bool:
        return bool(self.rows or self.accounts)


def mask_stored(connection: Connection, now: datetime) -> Masked:
    """Mask the stored personal numbers; idempotent.

    A record gets a new version, so that nobody who has its page open stores the number again, and a row of the audit.

    Args:
        connection: a transaction.
        now: when.
    """
    counts: dict[str, int] = {}
    changes: list[audit.AuditEntry] = []
    for table, columns in TEXTS.items():
        found = list(_found(connection, table, columns))
        for row in found:
            _update(connection, table, row, now)
            changes.append(
                audit.AuditEntry(table.name, row.subject(table), ACTION, {"fields": [*row.values]})
            )
        if found:
            counts[table.name] = len(found)
    audit.record_many(connection, now, None, changes)
    names = connection.execute(select(tables.account.c.name)).scalars()
    return Masked(counts, sum(masked(name) != name for name in names))


@dataclass(frozen=True)
class _Row:
    """A row with personal numbers: its key, and the masked values."""

    key: Mapping[str, Any]
    values: Mapping[str, Any]

    def subject(self, table: Table) -> str:
        """The record in the audit."""
        if table.name in COVERED:
            return subject_id(table.name, self.key)
        return "/".join(str(value) for value in self.key.values())


def _found(connection: Connection, table: Table, columns: tuple[str, ...]) -> Iterator[_Row]:
    key = [column.name for column in table.primary_key]
    query = select(*(table.c[name] for name in (*key, *columns)))
    for row in connection.execute(query).mappings():
        values = {name: masked(row[name]) for name in columns}
        changed = {name: value for name, value in values.items() if value != row[name]}
        if changed:
            yield _Row({name: row[name] for name in key}, changed)


def _update(connection: Connection, table: Table, row: _Row, now: datetime) -> None:
    values: dict[str, Any] = dict(row.values)
    if table is tables.household:
        if "number" in values:
            values["number"] = None  # numbers are unique, and masked ones are alike
        if "householder" in values:
            values["folded_name"] = fold_name(values["householder"])
    if "version" in table.c:
        values |= {"version": table.c.version + 1, "changed_at": now}
    conditions = [table.c[name] == value for name, value in row.key.items()]
    if table.name in COVERED:
        audit.note_unfit(connection, now, None, table.name, [row.subject(table)])
    connection.execute(update(table).where(*conditions).values(values))
