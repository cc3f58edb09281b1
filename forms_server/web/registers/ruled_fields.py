"""The rules of a register on the form of a row."""

from typing import Any

from build_scripts.rules.locked_database import RulesFailed
from checklist.messages import say
from checklist.model import Register
from checklist.problems import Problem, errors_of
from forms_server.registers.register_row import RegisterRow
from forms_server.registers.row_prefill import prefilled
from forms_server.registers.row_references import reference_problems
from forms_server.registers.row_rules import RuledRegister
from forms_server.registers.survey_names import names_in_papers
from forms_server.web.current_services import services
from forms_server.web.fields.record_fields import RecordFields
from forms_server.web.photos.field_uploads import sent_counts
from forms_server.web.records.requested_record import context, desk


def ruled_register(register: Register) -> RuledRegister:
    """The register with its rules, today."""
    return RuledRegister(services().campaign, register, services().clock.today())


def checked_values(
    register: Register, fields: RecordFields, period: str, current: RegisterRow | None = None
) -> dict[str, Any] | None:
    """Validate the input by the judge, then by the rules; None on errors, which are shown beside their fields.

    Args:
        register: of the row.
        fields: what was typed.
        period: of the row.
        current: the stored row that is edited.
    """
    values = fields.check(context())
    known = {name: value for name, value in fields.values.items() if value is not None}
    states, before = ([current.state], current.values) if current else ([], {})
    known |= register.photo_counts(current.values) if current else sent_counts(register)
    try:
        with desk() as at:
            if current is None:  # what the system fills in is stored, too: the rules see it
                known = prefilled(at, register, known)
            (judged,) = ruled_register(register).judge(at.connection, [known], period, states)
            unnamed = names_in_papers(at, register, known)
            (named,) = reference_problems(at.connection, at.campaign, at.account, register, [(known, before)])
    except RulesFailed:
        fields.refuse(Problem("", "rules-failed", say("rules-failed")))
        return None
    problems = (*named, *unnamed, *judged.problems)
    if values is None:
        # Whatever was refused is blank to the rules: only what is missing elsewhere is certain.
        refused = {problem.place for problem in fields.problems}
        fields.refuse_all(
            each
            for each in problems
            if each.code in {"required", "reference-none"} and each.place not in refused
        )
        return None
    errors = errors_of(problems)
    fields.refuse_all(errors)
    fields.warnings = (*fields.warnings, *(one for one in problems if one.warning))
    return None if errors else dict(judged.values)
