"""The rules of a register on the form of a row."""

from typing import Any

from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Register
from checklist.problems import Problem, errors_of
from forms_server.registers.row_rules import RuledRegister
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.records.requested_record import context, desk


def ruled_register(register: Register) -> RuledRegister:
    """The register with its rules, today."""
    return RuledRegister(services().campaign, register, services().clock.today())


def checked_values(
    register: Register, fields: RecordFields, period: str, state: str = ""
) -> dict[str, Any] | None:
    """Validate the input by the judge, then by the rules; None on errors, which are shown beside their fields.

    Args:
        register: of the row.
        fields: what was typed.
        period: of the row.
        state: of a stored row.
    """
    values = fields.check(context())
    known = {name: value for name, value in fields.values.items() if value is not None}
    try:
        with desk() as at:
            (judged,) = ruled_register(register).judge(
                at.connection, [known], period, [state] if state else []
            )
    except RulesFailed:
        fields.refuse(Problem("", "rules-failed", say("rules-failed")))
        return None
    if values is None:
        # Whatever was refused is blank to the rules: only what is missing elsewhere is certain.
        refused = {problem.place for problem in fields.problems}
        for problem in judged.problems:
            if problem.code == "required" and problem.place not in refused:
                fields.refuse(problem)
        return None
    errors = errors_of(judged.problems)
    for problem in errors:
        fields.refuse(problem)
    fields.warnings = (*fields.warnings, *(one for one in judged.problems if one.warning))
    return None if errors else dict(judged.values)
