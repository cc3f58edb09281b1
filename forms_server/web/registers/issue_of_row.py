"""From a register's row to an issue: the address of the filled-in form, and the issue that it became."""

from dataclasses import dataclass

from flask import g, url_for

from checklist.model import RecordForm
from forms_server.access import allowed
from forms_server.desk import Desk, NotFound
from forms_server.records import record_rows
from forms_server.registers.register_row import RegisterRow, householder_of
from forms_server.web.current_services import services
from forms_server.web.records.found_in_register import row_parameter
from forms_server.web.records.record_words import record_title


@dataclass(frozen=True)
class FiledIssue:
    """The issue that a row was filed as."""

    title: str
    address: str


def new_issue_address(row: RegisterRow) -> str:
    """The form of a new issue, filled in from the row; "" where the account files none."""
    form = _form_for(row)
    if row.register.survey or form is None or not allowed(g.account.role, "records.new", "POST"):
        return ""
    return url_for("records.new", form_id=form.id, item=row.register.item or None, row=row_parameter(row))


def _form_for(row: RegisterRow) -> RecordForm | None:
    """The form of issues of households for a row about one, else that of general issues."""
    subject = "household" if householder_of(row.register, row.values) else "general"
    issues = [form for form in services().campaign.record_forms if form.kind == "issue"]
    return next((form for form in issues if form.subject == subject), None)


def filed_issue(at: Desk, row: RegisterRow) -> FiledIssue | None:
    """The issue that the row was filed as; None without one, or outside the account's scope."""
    if row.issue_id is None:
        return None
    for form in at.campaign.record_forms:
        if form.kind == "issue":
            try:
                record = record_rows.find(at, form, row.issue_id)
            except NotFound:
                continue
            if record:
                address = url_for("records.show", form_id=form.id, record_id=record.id)
                return FiledIssue(record_title(record, at.campaign), address)
    return None
