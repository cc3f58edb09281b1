"""A register's forms without values, for a field pack: the browser fills them in and posts them as online."""

from flask import render_template, url_for

from checklist.model import Register
from forms_server.desk import Desk
from forms_server.registers.register_row import RegisterRow
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import offer
from forms_server.web.registers.requested_register import words
from forms_server.web.registers.row_form_pages import NOTHING_WRONG, RENAMES


def blank_new(register: Register, fields: RecordFields, period: str, row_id: str) -> str:
    """The form of a new row, which takes a household by its name: a pack has no page to look for one."""
    fields.process(data=offer().known(register))
    page = {"periods": [], "period": period, "row_id": row_id, "picks": False, "household_id": ""}
    return _rendered("registers/new.html", register, fields, page)


def blank_edit(at: Desk, register: Register, fields: RecordFields, period: str, row_id: str) -> str:
    """The form of an edit, with what it says of a row that was carried over; the browser takes that out for others."""
    fields.process(data={})
    page = {
        "current": _carried(at, register, period, row_id),
        "base": 1,
        "seen": "",
        "renames": RENAMES,
        "address": url_for("registers.edit", register_id=register.id, row_id=row_id),
        "packed": True,
    }
    return _rendered("registers/edit.html", register, fields, page)


def _rendered(template: str, register: Register, fields: RecordFields, page: dict[str, object]) -> str:
    shared = {**words(), **NOTHING_WRONG, "form": register, "fields": fields, "drafts": []}
    return render_template(template, **{**shared, **page})


def _carried(at: Desk, register: Register, period: str, row_id: str) -> RegisterRow:
    """A row without values that waits for its confirmation."""
    return RegisterRow(
        id=row_id,
        register=register,
        number=0,
        period=period,
        unit_code=at.account.unit_code,
        township_code=None,
        village_code=None,
        household_id=None,
        person_id=None,
        state=register.first_state.id,
        state_reason=None,
        ended=False,
        values={},
        carried_from=row_id,
        checked_on=None,
        issue_id=None,
        version=1,
        created_by=None,
        created_at=at.now,
        changed_at=at.now,
    )
