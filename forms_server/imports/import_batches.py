"""Imports as batches: each keeps its file and what it made and changed, so that it can be undone."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import uuid4

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    DateTime,
    RowMapping,
    Table,
    false,
    insert,
    select,
    true,
)

from checklist.model import Campaign
from checklist.reading.personal_numbers import take_out
from forms_server import audit
from forms_server.access import FILERS
from forms_server.account import Account
from forms_server.db.bulk_insert import insert_rows
from forms_server.db.record_columns import Row
from forms_server.db.tables import account, household, import_batch, import_change
from forms_server.scope import sees_all

LEDGER, ROSTER = "ledger", "roster"
NEW, CHANGED = "new", "changed"

EFFECT_NAMES: Mapping[str, str] = {
    "new": "新增",
    "changed": "修改",
    "found_again": "又一次发现",
    "withdrawn": "撤销",
    "gone": "停用",
    "unchanged": "没有变化",
}
"""Of the counts of a batch."""

IMPORT = "import"
"""The audit's word for a batch."""

_LONGEST_NAME = 200
_AT_ONCE = 500
_COLUMNS = [column.name for column in import_change.c]


@dataclass(frozen=True)
class SourceFile:
    """A file that is imported."""

    name: str
    content: bytes
    has_personal_numbers: bool = False
    """Such a file is not kept; a roster never is, since its columns of such numbers are not even read."""


class Effect(NamedTuple):
    """One row that an import made or changed; a tuple, since a large file has many.

    Attributes:
        subject: its table.
        subject_id: its id there.
        effect: ``NEW`` or ``CHANGED``.
        stamp: what is compared before an undo: see ``import_change``.
        before: JSON of the changed columns as they were.
        after: JSON of the same columns as the import left them.
    """

    subject: str
    subject_id: str
    effect: str
    stamp: str | None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Batch:
    """An import as it is listed; ``by`` and ``undone_by`` are empty for the command line."""

    id: str
    unit_code: str
    kind: str
    file_name: str
    sha256: str
    counts: Mapping[str, int]
    handed_in_figures: bool
    has_file: bool
    created_by: str | None
    by: str
    created_at: datetime
    undone_by: str
    undone_at: datetime | None

    @property
    def short_id(self) -> str:
        """What the command line calls it."""
        return self.id[:8]


@dataclass(frozen=True)
class BatchLog:
    """Where a batch is written down.

    Attributes:
        by: who imports; None for the command line.
    """

    connection: Connection
    campaign: Campaign
    unit_code: str
    by: Account | None
    now: datetime

    def write(
        self,
        kind: str,
        file: SourceFile,
        effects: Sequence[Effect],
        counts: Mapping[str, int],
        figures_before: Sequence[Row] | None = None,
    ) -> str | None:
        """Write down what an import did; its id, or None where it did nothing."""
        if not effects and figures_before is None:
            return None
        batch_id = str(uuid4())
        row = {
            "id": batch_id,
            "campaign_id": self.campaign.id,
            "unit_code": self.unit_code,
            "kind": kind,
            "file_name": str(take_out(file.name))[-_LONGEST_NAME:],
            "sha256": hashlib.sha256(file.content).hexdigest(),
            "content": None if kind == ROSTER or file.has_personal_numbers else file.content,
            "counts": dict(counts),
            "figures_before": None if figures_before is None else [plain(each) for each in figures_before],
            "created_by": self.by.id if self.by else None,
            "created_at": self.now,
        }
        self.connection.execute(insert(import_batch), row)
        rows = [
            (batch_id, each.subject_id, each.subject, each.effect, each.stamp, each.before, each.after)
            for each in effects
        ]
        insert_rows(self.connection, import_change, _COLUMNS, rows)
        audit.record(self.connection, self.now, self.by, import_batch.name, batch_id, IMPORT, dict(counts))
        return batch_id


def changed_effect(table: Table, before: Row, after: Row, stamp: str) -> Effect:
    """The effect on a row that was there.

    Args:
        table: whose row it is.
        before: all its columns as they were.
        after: the columns that the import set.
        stamp: as the import left it.
    """
    names = [name for name in after if name != "changed_at" and after[name] != before[name]]
    was, became = (json.dumps(plain({name: each[name] for name in names})) for each in (before, after))
    return Effect(table.name, str(before["id"]), CHANGED, stamp, was, became)


def rows_by_id(connection: Connection, table: Table, ids: Iterable[str]) -> dict[str, RowMapping]:
    """The rows of these ids."""
    found: dict[str, RowMapping] = {}
    asked = list(ids)
    for start in range(0, len(asked), _AT_ONCE):
        query = select(table).where(table.c.id.in_(asked[start : start + _AT_ONCE]))
        found |= {row["id"]: row for row in connection.execute(query).mappings()}
    return found


def household_stamp(row: Row) -> str:
    """Digest of a household's listed values."""
    names = [column.name for column in household.c if column.name not in {"created_at", "changed_at"}]
    said = json.dumps([row[name] for name in names])
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def member_stamp(*, listed: bool | None) -> str:
    """How a household's member stands: in the roster, or not any more."""
    return "listed" if listed else "gone"


def plain(columns: Row) -> dict[str, Any]:
    """Columns as JSON has them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in columns.items()}


def stored(table: Table, columns: Mapping[str, Any]) -> dict[str, Any]:
    """The reverse of ``plain``, for columns of a table."""
    return {name: _typed(table, name, value) for name, value in columns.items()}


def _typed(table: Table, name: str, value: Any) -> Any:
    if isinstance(value, str) and isinstance(table.c[name].type, DateTime):
        return datetime.fromisoformat(value)
    if isinstance(value, str) and isinstance(table.c[name].type, Date):
        return date.fromisoformat(value)
    return value


def batches(connection: Connection, *conditions: Any, limit: int | None = None) -> Iterator[Batch]:
    """The batches that meet the conditions, newest first, without their files."""
    maker, undoer = account.alias("maker"), account.alias("undoer")
    table = import_batch.c
    same = (
        "id",
        "unit_code",
        "kind",
        "file_name",
        "sha256",
        "counts",
        "created_by",
        "created_at",
        "undone_at",
    )
    query = (
        select(
            *(table[name] for name in same),
            table.figures_before.is_not(None).label("handed_in_figures"),
            table.content.is_not(None).label("has_file"),
            *(each.c[name].label(f"{each.name}_{name}") for each in (maker, undoer) for name in _NAMES),
        )
        .join_from(import_batch, maker, maker.c.id == table.created_by, isouter=True)
        .join(undoer, undoer.c.id == table.undone_by, isouter=True)
        .where(*conditions)
        .order_by(table.created_at.desc(), table.id)
        .limit(limit)
    )
    for row in connection.execute(query).mappings():
        by, undone_by = (
            row[f"{each}_display_name"] or row[f"{each}_name"] or "" for each in ("maker", "undoer")
        )
        own = {name: row[name] for name in (*same, "handed_in_figures", "has_file")}
        yield Batch(by=by, undone_by=undone_by, **own)


_NAMES = ("display_name", "name")


def visible_batches(account: Account) -> ColumnElement[bool]:
    """Row-level access to imports: its unit's, someone bound to a village only his own; the office all."""
    if sees_all(account):
        return true()
    if account.role not in FILERS:
        return false()
    own = import_batch.c.unit_code == account.unit_code
    return own & (import_batch.c.created_by == account.id) if account.village_code else own
