"""The judge: validation of values for web form, workbook and command line, with the same messages."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from checklist.date_formats import typed_day
from checklist.messages import say
from checklist.model import KEPT_BY_SYSTEM, Field, FieldType, FilledForm, Stage
from checklist.problems import Problem
from checklist.read_result import Refusal
from checklist.reading.deadlines import Deadline
from checklist.text_normalisation import without_invisible
from checklist.values.computed_values import computed
from checklist.values.display import display
from checklist.values.field_readers import READERS
from checklist.values.judge_context import Context
from checklist.values.judge_results import Checked, CheckedRecord, Value

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
"""Length of the texts whose results a context keeps: names, choices and dates."""

_NOTHING_THERE = {"required", "nothing-written", "taken-as-empty"}


def check_value(field: Field, raw: str, context: Context) -> Checked:
    """Validate and convert a field's typed text, in any spelling that officials use.

    Returns:
        The value and its problems, whose place is the field's id. Empty text gives None, which is an error if the
        field is required. Never raises for any text.
    """
    seen = context.seen.get((id(field), raw))
    if seen:
        return seen[1]
    checked = _checked(field, raw, context)
    if len(raw) <= _SHORT and len(context.seen) < context.most_seen:
        # The field is stored as well, since an id may be reused once its owner is gone.
        context.seen[id(field), raw] = field, checked
    return checked


def check_record(
    form: FilledForm,
    raw: Mapping[str, str],
    context: Context,
    stages: Collection[Stage] = (Stage.FOUND,),
    known: Mapping[str, Value] | None = None,
) -> CheckedRecord:
    """Validate a record; return all values and all problems.

    A conditional field is required only if the condition holds, and must be empty otherwise. The township is derived
    from the village, or from the filing township.

    Args:
        form: of the record.
        raw: typed text by field id; a missing key is an empty field, unknown keys are ignored.
        context: the filing unit and the date.
        stages: the stages whose fields are read; other fields are neither read nor returned.
        known: stored values of the record's other fields, which its rules read.
    """
    return RecordJudge(form, context, stages).check(raw, known)


class RecordJudge:
    """:func:`check_record` for many rows, with what depends on the form alone precomputed."""

    def __init__(
        self, form: FilledForm, context: Context, stages: Collection[Stage] = (Stage.FOUND,)
    ) -> None:
        self._form = form
        self._context = context
        self._fields = [
            field for field in form.fields if field.stage in stages and field.type not in KEPT_BY_SYSTEM
        ]
        self._townships = [field for field in self._fields if field.type is FieldType.TOWNSHIP]
        self._villages = [field for field in self._fields if field.type is FieldType.VILLAGE]
        self._conditional = [field for field in self._fields if field.when]
        self._following = [field for field in self._fields if field.within]
        self._has_rules = any(field.type is FieldType.COMPUTED or field.required_if for field in self._fields)

    def check(self, raw: Mapping[str, str], known: Mapping[str, Value] | None = None) -> CheckedRecord:
        """Return all values and problems of one record; ``known`` as in :func:`check_record`."""
        checked = self._check_each(raw)
        asked = {field.id: _asked(field, checked) for field in self._conditional}
        self._fill_township(checked, asked)
        for field in self._conditional:
            checked[field.id] = self._under_condition(field, checked[field.id], asked[field.id])
        for field in self._following:
            checked[field.id] = self._after(field, checked)
        values = {field.id: checked[field.id].value for field in self._fields}
        problems = _problems(checked, values)
        if not self._has_rules:
            return CheckedRecord(values, problems)
        found = computed(self._form, {**(known or {}), **values}, raw, self._context)
        computed_here = {name: value for name, value in found.values.items() if name in values}
        here = {"", *(name for name in values if asked.get(name) is not False)}
        here -= {problem.place for problem in problems if not problem.warning}
        told = (problem for problem in found.problems if problem.place in here)
        return CheckedRecord(values | computed_here, (*problems, *told))

    def _check_each(self, raw: Mapping[str, str]) -> dict[str, Checked]:
        """Check every field by itself; the village within the named township."""
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
        """Fill an empty township field from the village, or with the filing township.

        If the village was refused, the township stays unknown without an error of its own: the village will imply it.
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
        """Check a date against the one that it must follow."""
        values = {name: found.value for name, found in checked.items()}
        problem = before_other(self._form, field, values)
        return Checked(None, (problem,)) if problem else checked[field.id]

    def _under_condition(self, field: Field, checked: Checked, asked: bool | None) -> Checked:
        """Apply a field's condition to its value and problems."""
        if asked:
            return checked
        if asked is None:
            return checked if _written(checked) else Checked(checked.value)
        if not field.when or not (checked.value is not None or _written(checked)):
            return Checked(None)
        other = self._form.field(field.when.field).label
        message = say("not-asked-here", label=field.label, other=other)
        return Checked(None, (Problem(field.id, "not-asked-here", message),))


def _problems(checked: Mapping[str, Checked], names: Iterable[str]) -> tuple[Problem, ...]:
    return tuple(problem for name in names for problem in checked[name].problems)


def before_other(form: FilledForm, field: Field, values: Mapping[str, Value]) -> Problem | None:
    """Return the problem of a date before the one that it must follow (``within``), or None."""
    if field.within is None:
        return None
    day, since = values.get(field.id), values.get(field.within.since)
    if not isinstance(day, date) or not isinstance(since, date) or day >= since:
        return None
    params = {"label": field.label, "date": typed_day(day), "limit": typed_day(since)}
    message = say("earlier-than-other", other=form.field(field.within.since).label, **params)
    return Problem(field.id, "earlier-than-other", message)


def _asked(field: Field, checked: Mapping[str, Checked]) -> bool | None:
    """Return whether a field's condition holds; None if the field that it depends on is invalid."""
    if not field.when:
        return True
    answer = checked.get(field.when.field)
    return answer.value in field.when.among if answer and answer.value is not None else None


def _written(checked: Checked) -> bool:
    """Return whether a refused value was not empty."""
    return any(problem.code not in _NOTHING_THERE for problem in checked.problems)


def _checked(field: Field, raw: str, context: Context) -> Checked:
    visible = without_invisible(raw)
    if visible != raw and visible.strip():
        checked = _checked(field, visible, context)
        told = _problem(field, visible, Refusal("invisible-left-out"), context, warning=True)
        return Checked(checked.value, (*checked.problems, told))
    raw = visible
    found = READERS[field.type](field, raw, context)
    if isinstance(found, Refusal):
        return Checked(None, (_problem(field, raw, found, context),))
    warnings = tuple(_problem(field, raw, doubt, context, warning=True) for doubt in found.doubts)
    return Checked(found.value, warnings)


def _problem(field: Field, raw: str, refusal: Refusal, context: Context, *, warning: bool = False) -> Problem:
    """Return the message of a refusal or doubt, with the common params."""
    example = field.example or typed_day(context.today)
    params = {"label": field.label, "typed": " ".join(raw.split()), "example": example, **refusal.params}
    return Problem(field.id, refusal.code, say(refusal.code, **params), warning)
