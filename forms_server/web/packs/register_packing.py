"""Registers of a field pack as JSON: two blank pages of each, and what the browser fills into them for a row."""

from collections.abc import Iterator, Sequence
from typing import Any

from flask import url_for

from checklist.model import FieldType, Register
from checklist.register_periods import period_words
from checklist.values.answer_types import BETWEEN
from checklist.values.village_names import village_names
from forms_server.desk import Desk
from forms_server.packs.packed_registers import PackedRegister
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_scope import may_write_row
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.merge_page import shown_fingerprints
from forms_server.web.registers.blank_row_pages import blank_edit, blank_new
from forms_server.web.registers.requested_register import fields_of, row_title

Json = dict[str, Any]


def registers_as_json(desk: Desk, packed: Sequence[PackedRegister], blank_id: str) -> list[Json]:
    """The registers of a pack.

    Args:
        desk: of the account.
        packed: what is taken along.
        blank_id: stands in the blank pages where the browser sets a row's id.
    """
    return [_register(desk, each, blank_id) for each in packed]


def rows_by_unit(packed: Sequence[PackedRegister]) -> Iterator[tuple[str, str | None]]:
    """Whose rows are read, for the audit."""
    return ((row.id, row.unit_code) for each in packed for row in each.rows)


def _register(desk: Desk, packed: PackedRegister, blank_id: str) -> Json:
    register, period = packed.register, packed.period
    fields = fields_of(desk, register)
    named = (each.id for each in register.fields if each.type is FieldType.HOUSEHOLD)
    return {
        "id": register.id,
        "name": register.name,
        "period": period_words(period),
        "household": next(named, ""),
        "action": url_for("registers.new", register_id=register.id),
        "html": blank_new(register, fields, period, blank_id),
        "edit": blank_edit(desk, register, fields, period, blank_id),
        "to_carry": packed.to_carry,
        "rows": [_row(desk, fields, row) for row in packed.rows],
    }


def _row(desk: Desk, fields: RecordFields, row: RegisterRow) -> Json:
    village = village_names(desk.campaign).get(row.village_code or "", "")
    shown = {
        "id": row.id,
        "title": row_title(row) or f"第 {row.number} 行",
        "lead": " · ".join(filter(None, [village, row.state_words])),
        "waiting": row.waiting,
    }
    if not may_write_row(desk.campaign, desk.account, row):
        return shown
    return shown | {
        "version": row.version,
        "seen": shown_fingerprints(fields, row.values),
        "action": url_for("registers.edit", register_id=row.register.id, row_id=row.id),
        "fields": _texts(row.register, fields, row),
    }


def _texts(register: Register, fields: RecordFields, row: RegisterRow) -> dict[str, str | list[str]]:
    """What the fields of the page say, by name; of several choices each."""
    several = {each.id for each in register.fields if each.type is FieldType.CHOICES}
    return {
        name: text.split(BETWEEN) if name in several else text
        for name, text in fields.texts(row.values).items()
    }
