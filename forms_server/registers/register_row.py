"""A row of a register: its value class, and how its values are stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Table, and_

from checklist.model import Campaign, Field, FieldType, Register, RowState
from checklist.text_normalisation import compact
from forms_server.db.record_columns import CODECS, Row
from forms_server.db.tables import register_row

NAMELESS = frozenset(
    {
        FieldType.TOWNSHIP,
        FieldType.VILLAGE,
        FieldType.PROBLEM_TYPE,
        FieldType.CHOICE,
        FieldType.INTEGER,
        FieldType.DATE,
        FieldType.MONEY,
        FieldType.DECIMAL,
        FieldType.RATING,
        FieldType.MONTH,
        FieldType.YESNO,
        FieldType.CHOICES,
        FieldType.PHOTO,
    }
)
"""Types whose values name nobody: they stay when names are erased; all others go with the texts."""

_COLUMN = {FieldType.TOWNSHIP: "township_code", FieldType.VILLAGE: "village_code"}


@dataclass(frozen=True)
class RegisterRow:
    """A stored row; ``values`` by field id, as parsed by ``checklist.values.judge``."""

    id: str
    register: Register
    number: int
    period: str
    unit_code: str
    township_code: str | None
    village_code: str | None
    household_id: str | None
    person_id: str | None
    state: str
    state_reason: str | None
    ended: bool
    values: Mapping[str, Any] = field(repr=False)
    carried_from: str | None
    checked_on: date | None
    issue_id: str | None
    """The issue that it was filed as, last."""
    version: int
    created_by: str | None
    created_at: datetime
    changed_at: datetime

    @property
    def form(self) -> Register:
        """The register, as the pages of forms call it."""
        return self.register

    @property
    def waiting(self) -> bool:
        """Whether it was carried over and nobody has confirmed it yet."""
        return self.carried_from is not None and self.checked_on is None and not self.ended

    @property
    def lacks(self) -> list[Field]:
        """Required fields that each period fills anew, and that are still empty: without them nobody confirms it."""
        photos = (each.id for each in self.register.photo_fields)
        fresh = (*self.register.fresh, *photos) if self.waiting else ()
        return [each for name in fresh if (each := self.register.field(name)).required
                and self.values.get(name) is None]  # fmt: skip

    @property
    def state_words(self) -> str:
        """The label of its state; the id of one that the register has no more."""
        known: RowState | None = self.register.state(self.state)
        return known.label if known else self.state


def of_register(campaign: Campaign, register: Register, table: Table = register_row) -> ColumnElement[bool]:
    """The condition of a register's rows, or of what a table holds about them.

    Those of a register that campaigns share belong to it, not to the campaign in which they were written: the next
    one reads them on.
    """
    own = table.c.register_id == register.id
    return own if campaign.shares(register) else and_(own, table.c.campaign_id == campaign.id)


def to_row(register: Register, row: Row) -> RegisterRow:
    """Build a row from the table's."""
    same = {name: row[name] for name in RegisterRow.__annotations__ if name not in {"register", "values"}}
    return RegisterRow(register=register, values=to_values(register, row), **same)


def to_columns(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """Columns for a register's validated values: places, ``extra`` and ``texts``."""
    columns: dict[str, Any] = {"township_code": None, "village_code": None}
    stored: dict[str, dict[str, Any]] = {"extra": {}, "texts": {}}
    for each in register.stored_fields:
        codec, value = CODECS[each.holds], values.get(each.id)
        if value is None or codec is None:
            continue
        if place := place_of(each):
            columns[place] = value
        else:
            stored[where(each)][each.id] = codec.dump(value)
    return columns | stored


def to_values(register: Register, row: Row) -> dict[str, Any]:
    """Values of a register's fields in a row; empty ones are omitted."""
    values: dict[str, Any] = {}
    for each in register.stored_fields:
        codec, place = CODECS[each.holds], place_of(each)
        stored = row[place] if place else row[where(each)].get(each.id)
        if codec is not None and stored is not None:
            values[each.id] = stored if place else codec.load(stored)
    return values


def householder_of(register: Register, values: Mapping[str, Any]) -> str | None:
    """The householder's name in a row: of its field of that type, or of one that is called so."""
    named = (each.id for each in register.fields if _is_household(each))
    return next((values[name] for name in named if values.get(name)), None)


def place_of(each: Field) -> str | None:
    """The column of the row's own place; other fields of these types are stored among the values."""
    return _COLUMN.get(each.type) if each.id == each.type.value else None


def where(each: Field) -> str:
    """The JSON column that a field's value stands in."""
    return "extra" if each.holds in NAMELESS else "texts"


def row_key(register: Register, columns: Mapping[str, Any]) -> str | None:
    """Digest of the values that occur once a period; None where the register has none, or all are empty.

    Texts are compared as people read them: without blanks, half-width.
    """
    values = [_key_part(columns, register.field(field_id)) for field_id in register.one_row_per]
    if not any(values):
        return None
    return hashlib.sha256(json.dumps(values, ensure_ascii=False).encode()).hexdigest()


def parts_beside_person(register: Register, columns: Row) -> tuple[str, ...] | None:
    """What occurs once a period for one person: the values of ``one_row_per`` without who and where.

    None where rows are not of persons, so that one person may have several.
    """
    person = register.person_field
    if person is None or person.id not in register.one_row_per:
        return None
    fields = (register.field(field_id) for field_id in register.one_row_per)
    rest = (each for each in fields if not (place_of(each) or each == person or _is_household(each)))
    return tuple(_key_part(columns, each) for each in rest)


def _is_household(each: Field) -> bool:
    return each.type is FieldType.HOUSEHOLD or each.id == "householder"


def _key_part(columns: Row, each: Field) -> str:
    place = place_of(each)
    value = columns[place] if place else columns[where(each)].get(each.id)
    return compact(str(value)) if value is not None else ""
