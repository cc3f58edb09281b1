"""An issue that is filed from a register's row: what is known already, and the link between both."""

from typing import Any
from uuid import UUID

from flask import request, url_for

from checklist.model import RecordForm, Register
from forms_server.desk import Desk
from forms_server.records.record import Record
from forms_server.registers import row_moves, row_store
from forms_server.registers.register_row import RegisterRow, householder_of
from forms_server.web.current_services import services
from forms_server.web.records.record_words import title_of
from forms_server.web.records.requested_record import desk

ROW = "row"
"""Parameter of the address: id of register and row, with a dot between them."""

_SAME = ("township", "village", "household_type")
"""Fields that an issue has from the row where both have them."""


def row_parameter(row: RegisterRow) -> str:
    """The value of the address's parameter for a row."""
    return f"{row.register.id}.{row.id}"


def _asked() -> tuple[Register, str] | None:
    """Register and id of the row in the address; None without one."""
    register_id, _, row_id = request.args.get(ROW, "").partition(".")
    register = services().campaign.register_by_id.get(register_id)
    try:
        return (register, str(UUID(row_id))) if register else None
    except ValueError:
        return None


def asked_row() -> RegisterRow | None:
    """The row that the new issue is filed from; None without one, 404 outside the account's scope."""
    asked = _asked()
    if asked is None:
        return None
    with desk() as at:
        return row_store.get(at, *asked)


def known_of_row(form: RecordForm, row: RegisterRow) -> dict[str, Any]:
    """What a row says of an issue's fields: place and name, and its own words as the content."""
    known = {name: row.values[name] for name in _SAME if name in row.values and form.has(name)}
    householder = householder_of(row.register, row.values)
    if householder and form.has("householder"):
        known["householder"] = householder
    content = next((each for each in form.fields if each.id == "content"), None)
    if content:
        about = title_of(row.register, row.values, services().campaign)
        words = f"{row.register.name}第 {row.number} 行（{about}）：{row.state_words}"
        known["content"] = words[: content.max_length]
    return known


def link_asked_row(at: Desk, record: Record) -> None:
    """Link the row in the address with the issue that was filed from it."""
    asked = _asked()
    if asked and record.form.kind == "issue":
        row_moves.link_issue(at, *asked, record.id)


def address_of_row(at: Desk, record: Record) -> tuple[str, str] | None:
    """Name and page of the row that an issue was filed from; None without one that the account sees."""
    row = row_moves.row_of_issue(at, record.id) if record.form.kind == "issue" else None
    if row is None:
        return None
    words = f"{row.register.name}第 {row.number} 行"
    return words, url_for("registers.show", register_id=row.register.id, row_id=row.id)
