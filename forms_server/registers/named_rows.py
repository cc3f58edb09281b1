"""Rows by the name that other rows write: the one field that occurs once in their register."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, select

from checklist.model import Campaign, Register
from checklist.text_normalisation import compact
from forms_server.db.tables import register_row
from forms_server.registers.register_row import RegisterRow, of_register, place_of, to_row, where

_CHUNK = 500
"""Names of one query."""

_row = register_row.c


def name_key(value: Any) -> str | None:
    """The key of the row that a reference names; None for an empty one.

    It is compared as people read it, as ``row_key`` of that row is.
    """
    name = compact(str(value)) if value is not None else ""
    return hashlib.sha256(json.dumps([name], ensure_ascii=False).encode()).hexdigest() if name else None


def name_of(row: RegisterRow) -> str | None:
    """What others write to name the row; None where its register tells rows by several fields, or by none."""
    names = row.register.one_row_per
    value = row.values.get(names[0]) if len(names) == 1 else None
    return None if value is None else str(value)


def named_rows(
    connection: Connection, campaign: Campaign, other: Register, names: Iterable[Any]
) -> Mapping[str, Sequence[RegisterRow]]:
    """The rows of a register that are named, by ``name_key``; of each the latest period last.

    A name that no current row has may be that of rows that have ended: an asset that was disposed of is still named.
    """
    wanted = {key: str(name) for name in names if (key := name_key(name))}
    if not wanted or len(other.one_row_per) != 1:
        return {}
    found: dict[str, list[RegisterRow]] = {}
    for row in _rows(connection, campaign, other, _row.row_key, sorted(wanted)):
        found.setdefault(name_key(name_of(row)) or "", []).append(row)
    missing = sorted(name for key, name in wanted.items() if key not in found)
    for row in _rows(connection, campaign, other, _name_column(other), missing):
        if row.ended:
            found.setdefault(name_key(name_of(row)) or "", []).append(row)
    return found


def _name_column(other: Register) -> ColumnElement[Any]:
    field = other.field(other.one_row_per[0])
    place = place_of(field)
    return _row[place] if place else _row[where(field)][field.id].as_string()


def _rows(
    connection: Connection,
    campaign: Campaign,
    other: Register,
    column: ColumnElement[Any],
    among: Sequence[str],
) -> Iterable[RegisterRow]:
    for start in range(0, len(among), _CHUNK):
        query = select(register_row).where(
            of_register(campaign, other),
            column.in_(among[start : start + _CHUNK]),
        )
        if column is not _row.row_key:
            query = query.where(_row.row_key.is_(None))
        for row in connection.execute(query.order_by(_row.period, _row.number)).mappings():
            yield to_row(other, row)
