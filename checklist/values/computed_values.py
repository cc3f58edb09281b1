"""Computed fields: what they hold follows from other fields, and nobody types it."""

from collections.abc import Mapping

from checklist.messages import say
from checklist.model import Field, FieldType, FilledForm
from checklist.problems import Problem
from checklist.read_result import Read, Refusal
from checklist.reading.personal_numbers import PERSONAL_NUMBER
from checklist.text_normalisation import without_invisible
from checklist.values.display import display
from checklist.values.field_readers import READERS
from checklist.values.judge_context import Context
from checklist.values.judge_results import CheckedRecord, Value


def differing_cell(field: Field, typed: str, value: Value, context: Context) -> Problem | None:
    """Return the warning that a typed text is not what was computed; None where it is blank or says the same.

    Args:
        field: a computed one.
        typed: what a workbook or a page holds.
        value: as computed; None where nothing is.
        context: of the judge.
    """
    if not without_invisible(typed).strip():
        return None
    plain = field.model_copy(update={"type": field.holds, "required": False})
    read = READERS[field.holds](plain, typed, context)
    if isinstance(read, Refusal) and read.code == PERSONAL_NUMBER:
        return Problem(field.id, read.code, say(read.code, label=field.label, **read.params))
    if isinstance(read, Read) and read.value == value:
        return None
    code = "computed-unknown" if value is None else "computed-differs"
    params = {"label": field.label, "typed": typed, "value": display(field, value, context.campaign)}
    return Problem(field.id, code, say(code, **params), warning=True)


def computed(
    form: FilledForm, values: Mapping[str, Value], typed: Mapping[str, str], context: Context
) -> CheckedRecord:
    """Return the values of a form's computed fields, what its rules find missing, and typed texts that differ.

    Args:
        form: with the fields.
        values: of the record's other fields, by id, of other stages, too.
        typed: texts by id; those of other fields are ignored.
        context: of the judge; evaluates the rules.
    """
    fields = [field for field in form.fields if field.type is FieldType.COMPUTED]
    found = context.compute(form, values) if context.compute else CheckedRecord({}, ())
    results = {field.id: found.values.get(field.id) for field in fields}
    differing = (
        differing_cell(field, typed.get(field.id, ""), results[field.id], context) for field in fields
    )
    return CheckedRecord(results, (*found.problems, *(problem for problem in differing if problem)))
