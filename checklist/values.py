"""The one judge of a value: web form, workbook and command line ask it, and give its sentences."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from checklist.context import Context, Value
from checklist.display import display
from checklist.messages import say
from checklist.model import Field, FieldType, RecordForm, Stage
from checklist.problems import Problem
from checklist.readers import READERS
from checklist.reading.deadlines import Deadline
from checklist.reading.result import Refusal

__all__ = [
    "Checked",
    "CheckedRecord",
    "Context",
    "Deadline",
    "Value",
    "check_record",
    "check_value",
    "display",
]

_NOTHING_THERE = {"required", "nothing-written"}


@dataclass(frozen=True)
class Checked:
    """One value, and what is wrong with it or should be looked at; the value is None where there is an error."""

    value: Value
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> bool:
        """Whether a problem is more than a warning."""
        return any(not problem.warning for problem in self.problems)


@dataclass(frozen=True)
class CheckedRecord:
    """The values of a record by field id, and all its problems; ``place`` is a field's id."""

    values: dict[str, Value]
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems for which the record must not be stored."""
        return tuple(problem for problem in self.problems if not problem.warning)

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """The problems that a person should look at."""
        return tuple(problem for problem in self.problems if problem.warning)


def check_value(field: Field, raw: str, context: Context) -> Checked:
    """The value of what was typed into a field, in any spelling that officials use.

    Returns:
        The value and its problems, whose place is the field's id. Nothing typed gives None, which is a problem
        where the field is required. Never raises for any text.
    """
    found = READERS[field.type](field, raw, context)
    if isinstance(found, Refusal):
        return Checked(None, (_problem(field, raw, found, context),))
    return Checked(
        found.value, tuple(_problem(field, raw, doubt, context, warning=True) for doubt in found.doubts)
    )


def check_record(
    form: RecordForm,
    raw: Mapping[str, str],
    context: Context,
    stages: Collection[Stage] = (Stage.FOUND,),
) -> CheckedRecord:
    """All values of a record, and all its problems at once.

    A field that is only asked under a condition is required only where the condition holds, and must be empty
    where it does not. The township follows from the village, or from the township that files.

    Args:
        form: whose record it is.
        raw: what was typed, by field id; a missing key is an empty field, and other keys are left alone.
        context: who files, and when.
        stages: the stages whose fields are filled in; the other fields are neither read nor given back.
    """
    fields = [field for field in form.fields if field.stage in stages and field.type is not FieldType.SERIAL]
    checked = _check_all(fields, raw, context)
    asked = {field.id: _asked(field, checked) for field in fields}
    _fill_township(fields, checked, asked, context)
    for field in fields:
        checked[field.id] = _under_condition(form, field, checked[field.id], asked[field.id])
    return CheckedRecord(
        {field.id: checked[field.id].value for field in fields},
        tuple(problem for field in fields for problem in checked[field.id].problems),
    )


def _problem(field: Field, raw: str, refusal: Refusal, context: Context, *, warning: bool = False) -> Problem:
    """The sentence for a refusal or doubt, with the words that every template may use."""
    example = field.example or context.today.isoformat()
    params = {"label": field.label, "typed": raw.strip(), "example": example, **refusal.params}
    return Problem(field.id, refusal.code, say(refusal.code, **params), warning)


def _check_all(fields: Collection[Field], raw: Mapping[str, str], context: Context) -> dict[str, Checked]:
    """Every field by itself; townships first, since a village is looked for in the township that is named."""
    checked: dict[str, Checked] = {}
    for field in sorted(fields, key=lambda field: field.type is not FieldType.TOWNSHIP):
        checked[field.id] = check_value(field, raw.get(field.id, ""), context)
        township = checked[field.id].value if field.type is FieldType.TOWNSHIP else None
        if township and not context.township:
            context = context.within(context.campaign.unit_by_code[str(township)])
    return checked


def _asked(field: Field, checked: Mapping[str, Checked]) -> bool | None:
    """Whether a field's condition holds; None where the field that it depends on is itself not readable."""
    if not field.when:
        return True
    answer = checked.get(field.when.field)
    return answer.value in field.when.among if answer and answer.value is not None else None


def _fill_township(
    fields: Collection[Field],
    checked: dict[str, Checked],
    asked: Mapping[str, bool | None],
    context: Context,
) -> None:
    """Puts the village's township, or the one that files, where a township is asked and none is written."""
    villages = (
        str(checked[field.id].value)
        for field in fields
        if field.type is FieldType.VILLAGE and checked[field.id].value and asked[field.id]
    )
    village = next(villages, None)
    township = context.campaign.township_of_village[village] if village else context.township
    for field in fields:
        nothing = {problem.code for problem in checked[field.id].problems} <= _NOTHING_THERE
        if field.type is FieldType.TOWNSHIP and township and nothing and checked[field.id].value is None:
            checked[field.id] = Checked(township.code if asked[field.id] else None)


def _under_condition(form: RecordForm, field: Field, checked: Checked, asked: bool | None) -> Checked:
    """A field's value and problems in the light of its condition."""
    if asked:
        return checked
    problems = tuple(problem for problem in checked.problems if problem.code not in _NOTHING_THERE)
    if asked is None:
        return Checked(checked.value, problems)
    filled = checked.value is not None or any(not problem.warning for problem in problems)
    if not (filled and field.when):
        return Checked(None)
    message = say("not-asked-here", label=field.label, other=form.field(field.when.field).label)
    return Checked(None, (Problem(field.id, "not-asked-here", message),))
