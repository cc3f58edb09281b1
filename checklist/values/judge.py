"""The one judge of a value: web form, workbook and command line ask it, and give its sentences."""

from collections.abc import Collection, Mapping
from datetime import date

from checklist.messages import say
from checklist.model import Field, FieldType, RecordForm, Stage
from checklist.problems import Problem
from checklist.read_result import Refusal
from checklist.reading.deadlines import Deadline
from checklist.values.checked import Checked, CheckedRecord, Value
from checklist.values.context import Context
from checklist.values.display import display
from checklist.values.field_readers import READERS

__all__ = [
    "Checked",
    "CheckedRecord",
    "Context",
    "Deadline",
    "RecordJudge",
    "Value",
    "before_other",
    "check_record",
    "check_value",
    "display",
]

_SHORT = 40
_MOST_SEEN = 20_000
"""Bounds of what a context keeps: texts of names, choices and dates, of one workbook."""

_NOTHING_THERE = {"required", "nothing-written", "taken-as-empty"}


def check_value(field: Field, raw: str, context: Context) -> Checked:
    """The value of what was typed into a field, in any spelling that officials use.

    Returns:
        The value and its problems, whose place is the field's id. Nothing typed gives None, which is a problem
        where the field is required. Never raises for any text.
    """
    seen = context.seen.get((id(field), raw))
    if seen:
        return seen[1]
    checked = _checked(field, raw, context)
    if len(raw) <= _SHORT and len(context.seen) < _MOST_SEEN:
        # With the field, since an id may come again once its owner is gone.
        context.seen[id(field), raw] = field, checked
    return checked


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
    return RecordJudge(form, context, stages).check(raw)


class RecordJudge:
    """:func:`check_record` for the many rows of a workbook: what depends on the form alone is worked out once."""

    def __init__(
        self, form: RecordForm, context: Context, stages: Collection[Stage] = (Stage.FOUND,)
    ) -> None:
        self._form = form
        self._context = context
        self._fields = [
            field for field in form.fields if field.stage in stages and field.type is not FieldType.SERIAL
        ]
        self._townships = [field for field in self._fields if field.type is FieldType.TOWNSHIP]
        self._villages = [field for field in self._fields if field.type is FieldType.VILLAGE]
        self._conditional = [field for field in self._fields if field.when]
        self._following = [field for field in self._fields if field.within]

    def check(self, raw: Mapping[str, str]) -> CheckedRecord:
        """All values and problems of one record."""
        checked = self._check_each(raw)
        asked = {field.id: _asked(field, checked) for field in self._conditional}
        self._fill_township(checked, asked)
        for field in self._conditional:
            checked[field.id] = self._under_condition(field, checked[field.id], asked[field.id])
        for field in self._following:
            checked[field.id] = self._after(field, checked)
        values = {field.id: checked[field.id].value for field in self._fields}
        return CheckedRecord(values, tuple(problem for name in values for problem in checked[name].problems))

    def _check_each(self, raw: Mapping[str, str]) -> dict[str, Checked]:
        """Every field by itself; the village within the township that is named."""
        context = self._context
        checked = {field.id: check_value(field, raw.get(field.id, ""), context) for field in self._fields}
        township = next(
            (str(checked[field.id].value) for field in self._townships if checked[field.id].value), None
        )
        if township and not context.township:
            within = context.within(context.campaign.unit_by_code[township])
            for field in self._villages:
                checked[field.id] = check_value(field, raw.get(field.id, ""), within)
        return checked

    def _fill_township(self, checked: dict[str, Checked], asked: Mapping[str, bool | None]) -> None:
        """Puts the village's township, or the one that files, where a township is asked and none is written.

        Of a village that was refused nobody knows it yet, and nobody has to write it once the village is right.
        """
        villages = [checked[field.id] for field in self._villages if asked.get(field.id, True)]
        village = next((str(found.value) for found in villages if found.value), None)
        follows = any(found.value is None and _written(found) for found in villages)
        of_village = self._context.campaign.township_of_village
        township = of_village[village] if village else self._context.township
        for field in self._townships:
            wanting = checked[field.id].value is None and not _written(checked[field.id])
            if wanting and asked.get(field.id, True) and (township or follows):
                checked[field.id] = Checked(township.code if township else None)

    def _after(self, field: Field, checked: Mapping[str, Checked]) -> Checked:
        """A date in the light of the one that it follows."""
        values = {name: found.value for name, found in checked.items()}
        problem = before_other(self._form, field, values)
        return Checked(None, (problem,)) if problem else checked[field.id]

    def _under_condition(self, field: Field, checked: Checked, asked: bool | None) -> Checked:
        """A field's value and problems in the light of its condition."""
        if asked:
            return checked
        if asked is None:
            return checked if _written(checked) else Checked(checked.value)
        if not field.when or not (checked.value is not None or _written(checked)):
            return Checked(None)
        other = self._form.field(field.when.field).label
        message = say("not-asked-here", label=field.label, other=other)
        return Checked(None, (Problem(field.id, "not-asked-here", message),))


def before_other(form: RecordForm, field: Field, values: Mapping[str, Value]) -> Problem | None:
    """What is wrong with a date that comes before the one that it follows (``within``); None where nothing is."""
    if field.within is None:
        return None
    day, since = values.get(field.id), values.get(field.within.since)
    if not isinstance(day, date) or not isinstance(since, date) or day >= since:
        return None
    params = {"label": field.label, "date": day.isoformat(), "limit": since.isoformat()}
    message = say("earlier-than-other", other=form.field(field.within.since).label, **params)
    return Problem(field.id, "earlier-than-other", message)


def _asked(field: Field, checked: Mapping[str, Checked]) -> bool | None:
    """Whether a field's condition holds; None where the field that it depends on is itself not readable."""
    if not field.when:
        return True
    answer = checked.get(field.when.field)
    return answer.value in field.when.among if answer and answer.value is not None else None


def _written(checked: Checked) -> bool:
    """Whether a value that was refused had something written."""
    return any(problem.code not in _NOTHING_THERE for problem in checked.problems)


def _checked(field: Field, raw: str, context: Context) -> Checked:
    found = READERS[field.type](field, raw, context)
    if isinstance(found, Refusal):
        return Checked(None, (_problem(field, raw, found, context),))
    warnings = tuple(_problem(field, raw, doubt, context, warning=True) for doubt in found.doubts)
    return Checked(found.value, warnings)


def _problem(field: Field, raw: str, refusal: Refusal, context: Context, *, warning: bool = False) -> Problem:
    """The sentence for a refusal or doubt, with the words that every template may use."""
    example = field.example or context.today.isoformat()
    params = {"label": field.label, "typed": " ".join(raw.split()), "example": example, **refusal.params}
    return Problem(field.id, refusal.code, say(refusal.code, **params), warning)
