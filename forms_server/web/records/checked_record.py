"""The input of a record: validated by the judge, and against the registers whose rows it names."""

from collections.abc import Mapping
from typing import Any

from checklist.problems import errors_of
from checklist.values.judge import Context, Value
from forms_server.registers.row_references import links_of, reference_problems
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import desk


def checked_record(
    fields: RecordFields, context: Context, before: Mapping[str, Any]
) -> dict[str, Value] | None:
    """Validate the input; None on errors, which are shown beside their fields.

    Args:
        fields: what was typed.
        context: of the judge.
        before: values that are stored.
    """
    values = fields.check(context, before)
    if not links_of(fields.record_form):
        return values
    rows = [(fields.values, before)]
    with desk() as at:
        (problems,) = reference_problems(at.connection, at.campaign, at.account, fields.record_form, rows)
    errors = errors_of(problems)
    fields.refuse_all(errors)
    fields.warnings = (*fields.warnings, *(one for one in problems if one.warning))
    return None if errors else values
