"""Consistency rules of a form's fields, on which all projections rely."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from checklist.loading.strictyaml import Document, Path
from checklist.model import KEPT_BY_SYSTEM, Campaign, Field, FieldType, FilledForm, RecordForm, Stage
from checklist.problems import Problem, nearest

COLUMN_TYPES: dict[str, frozenset[FieldType]] = {
    "township": frozenset({FieldType.TOWNSHIP}),
    "village": frozenset({FieldType.VILLAGE}),
    "problem_type": frozenset({FieldType.PROBLEM_TYPE}),
    "householder": frozenset({FieldType.HOUSEHOLD, FieldType.TEXT}),
    "household_type": frozenset({FieldType.CHOICE}),
    "level": frozenset({FieldType.CHOICE}),
    "source": frozenset({FieldType.CHOICE}),
    "people": frozenset({FieldType.INTEGER}),
    "deadline": frozenset({FieldType.DEADLINE}),
    "identified_on": frozenset({FieldType.DATE}),
    "entered_on": frozenset({FieldType.DATE}),
    "content": frozenset({FieldType.PARAGRAPH, FieldType.TEXT}),
    "measures": frozenset({FieldType.PARAGRAPH, FieldType.TEXT}),
    "outcome": frozenset({FieldType.PARAGRAPH, FieldType.TEXT}),
    "reason": frozenset({FieldType.PARAGRAPH, FieldType.TEXT}),
    "responsible_person": frozenset({FieldType.TEXT}),
    "responsible_unit": frozenset({FieldType.TEXT}),
    "found_by": frozenset({FieldType.TEXT}),
}
"""Field ids with a database column of their own, and the types that the column holds."""

DATES = frozenset(name for name, types in COLUMN_TYPES.items() if types == {FieldType.DATE})

IDENTIFYING = frozenset({"householder"})
"""Field ids that identify a household: one with the same name in the same village may be the same."""

_NUMBERS = frozenset({FieldType.INTEGER, FieldType.MONEY, FieldType.DECIMAL, FieldType.RATING})
_WHOLE = frozenset({FieldType.INTEGER, FieldType.RATING})

RESULTS = frozenset(FieldType) - KEPT_BY_SYSTEM - {FieldType.COMPUTED, FieldType.DEADLINE}
"""What a formula can give."""

KEYS_OF_TYPE: dict[str, frozenset[FieldType]] = {
    "choices": frozenset({FieldType.CHOICE, FieldType.CHOICES, FieldType.COMPUTED}),
    "default": frozenset({FieldType.CHOICE}),
    "min_value": _NUMBERS,
    "max_value": _NUMBERS,
    "digits": frozenset({FieldType.DECIMAL, FieldType.COMPUTED}),
    "unit": frozenset({FieldType.DECIMAL, FieldType.COMPUTED}),
    "unit_aliases": frozenset({FieldType.MONEY, FieldType.DECIMAL}),
    "identity_headers": frozenset({FieldType.PERSON}),
    "refers_to": frozenset({FieldType.REFERENCE}),
    "result": frozenset({FieldType.COMPUTED}),
    "counted": frozenset({FieldType.COMPUTED}),
    "most_photos": frozenset({FieldType.PHOTO}),
    "when": frozenset(FieldType) - {FieldType.PHOTO},
    "required_if": frozenset(FieldType) - {FieldType.PHOTO},
    "max_length": frozenset({FieldType.TEXT, FieldType.PARAGRAPH, FieldType.DEADLINE}),
    "not_future": frozenset({FieldType.DATE, FieldType.MONTH}),
    "within": frozenset({FieldType.DATE}),
    "suggest": frozenset({FieldType.TEXT}),
    "together": frozenset(FieldType)
    - {
        FieldType.SERIAL,
        FieldType.TOWNSHIP,
        FieldType.VILLAGE,
        FieldType.PROBLEM_TYPE,
        FieldType.COMPUTED,
        FieldType.PHOTO,
        FieldType.HOUSEHOLD,
        FieldType.PERSON,
    },
}
"""Keys limited to some field types."""

KEYS_NEEDED: dict[FieldType, tuple[str, ...]] = {
    FieldType.CHOICE: ("choices",),
    FieldType.CHOICES: ("choices",),
    FieldType.TEXT: ("max_length",),
    FieldType.PARAGRAPH: ("max_length",),
    FieldType.RATING: ("min_value", "max_value"),
    FieldType.REFERENCE: ("refers_to",),
    FieldType.COMPUTED: ("result",),
}
"""Keys required by a field type."""

EXACTLY_ONE = ("summary", "report")


def form_problems(campaign: Campaign, documents: Sequence[Document]) -> Iterator[Problem]:
    """Return all problems of the forms."""
    pairs = list(zip(campaign.forms, documents, strict=True))
    if not any(form.kind == "issue" for form in campaign.forms):
        yield documents[0].problem("form-missing", (), kind="issue")
    for kind in EXACTLY_ONE:
        same = [document for form, document in pairs if form.kind == kind]
        if not same and kind == "summary":
            yield documents[0].problem("form-missing", (), kind=kind)
        for document in same[1:]:
            yield document.problem("form-repeated", ("kind",), kind=kind, first=same[0].file)
    for form, document in pairs:
        yield from title_problems(form, document, ("{unit}",))
        if isinstance(form, RecordForm):
            yield from _record_form_problems(form, document)


def title_problems(form: Any, document: Document, known: Sequence[str]) -> Iterator[Problem]:
    """Return problems for placeholders that a title does not have."""
    for found in re.findall(r"\{.*?\}", form.title):
        if found not in known:
            yield document.problem("title-placeholder", ("title",), found=found, known=known)


def _record_form_problems(form: RecordForm, document: Document) -> Iterator[Problem]:
    types = [field for field in form.fields if field.type is FieldType.PROBLEM_TYPE]
    count = len(types)
    if [(field.id, field.required) for field in types] != [("problem_type", True)]:
        yield document.key_problem("form-problem-type", ("fields",), count=count)
    for index, field in enumerate(form.fields):
        path: Path = ("fields", index)
        expected = COLUMN_TYPES.get(field.id)
        if expected and field.type not in expected:
            yield document.problem("field-type", (*path, "type"), id=field.id, expected=sorted(expected))
        if field.type is FieldType.HOUSEHOLD and field.id not in IDENTIFYING:
            yield document.problem(
                "field-household", (*path, "id"), label=field.label, expected=sorted(IDENTIFYING)
            )
        if field.identity_headers:
            yield document.problem("field-identity", (*path, "identity_headers"), label=field.label)
        if field.together and not _stands_alone(form, field):
            yield document.problem("field-together", (*path, "together"), label=field.label)
        yield from photo_problems(field, document, path, refused=form.kind != "issue", form=form.name)
        if field.type is FieldType.PHOTO and field.stage is Stage.RECTIFIED:
            yield document.key_problem("photo-stage", (*path, "stage"), label=field.label)
        if field.within:
            yield from _within_problems(form, field, document, (*path, "within"))
    yield from field_problems(form, document)


def field_problems(form: FilledForm, document: Document) -> Iterator[Problem]:
    """Return what is wrong with the fields of a form or register, each in itself and with its conditions."""
    for index, field in enumerate(form.fields):
        path: Path = ("fields", index)
        yield from _field_problems(field, document, path)
        if field.when:
            yield from _condition_problems(form, field, document, (*path, "when"))
    groups = [field.group for field in form.fields]
    runs = Counter(
        group for index, group in enumerate(groups) if group and (index == 0 or groups[index - 1] != group)
    )
    for group, times in runs.items():
        if times > 1:
            last = len(groups) - 1 - groups[::-1].index(group)
            yield document.problem("group-split", ("fields", last, "group"), group=group)


def photo_problems(
    field: Field, document: Document, path: Path, *, refused: bool, form: str
) -> Iterator[Problem]:
    """Yield the problem of photographs in a form that takes none."""
    if refused and field.type is FieldType.PHOTO:
        yield document.problem("photo-form", (*path, "type"), label=field.label, form=form)


def _field_problems(field: Field, document: Document, path: Path) -> Iterator[Problem]:
    for key, types in KEYS_OF_TYPE.items():
        if key in field.model_fields_set and field.type not in types:
            yield document.key_problem("field-key", (*path, key), type=field.type.value, key_name=key)
    choices = [choice.id for choice in field.choices]
    if field.default and field.default not in choices:
        words = {"field": field.id, "id": field.default, "near": nearest(field.default, choices)}
        yield document.problem("reference-choice", (*path, "default"), **words)
    if field.min_value is not None and field.max_value is not None and field.min_value > field.max_value:
        limits = {"least": str(field.min_value), "most": str(field.max_value)}
        yield document.problem("field-range", (*path, "max_value"), **limits)
    for needed in KEYS_NEEDED.get(field.type, ()):
        if getattr(field, needed) in (None, "", ()):
            yield document.problem("field-key-missing", path, type=field.type.value, key_name=needed)
    yield from _number_problems(field, document, path)
    if field.result is not None and field.result not in RESULTS:
        known = sorted(RESULTS)
        yield document.problem(
            "field-result", (*path, "result"), type=field.result.value, expected=known, label=field.label
        )


def _number_problems(field: Field, document: Document, path: Path) -> Iterator[Problem]:
    """Require whole limits of whole numbers, and a unit that other units can be converted to."""
    for key in ("min_value", "max_value"):
        limit = getattr(field, key)
        if field.type in _WHOLE and limit is not None and limit != int(limit):
            words = {"type": field.type.value, "key_name": key, "found": str(limit)}
            yield document.problem("field-whole", (*path, key), **words)
    if field.type is FieldType.DECIMAL and field.unit_aliases and not field.unit:
        yield document.key_problem("field-unit", (*path, "unit_aliases"))


def _stands_alone(form: RecordForm, field: Field) -> bool:
    """Return whether a field's value is independent of the other fields of its record."""
    asked = {other.when.field for other in form.fields if other.when}
    return (
        field.stage is Stage.FOUND
        and not field.when
        and field.id not in asked
        and field.id not in IDENTIFYING
    )


def _within_problems(form: RecordForm, field: Field, document: Document, path: Path) -> Iterator[Problem]:
    """Require both dates to be columns, so that ledgers can be filtered by deadline, and the first to be mandatory."""
    assert field.within is not None
    dates = [other for other in form.fields if other.id in DATES] if form.kind == "household" else []
    since = [other.id for other in dates if other.required and other.id != field.id]
    if field not in dates or field.within.since not in since:
        yield document.problem("reference-date", path, id=field.within.since, known=sorted(DATES))


def _condition_problems(form: FilledForm, field: Field, document: Document, path: Path) -> Iterator[Problem]:
    assert field.when is not None
    choices = {
        other.id: [c.id for c in other.choices] for other in form.fields if other.type is FieldType.CHOICE
    }
    if field.when.field not in choices:
        near = nearest(field.when.field, choices)
        yield document.problem("reference-field", (*path, "field"), id=field.when.field, near=near)
        return
    for index, choice in enumerate(field.when.among):
        if choice not in choices[field.when.field]:
            words = {
                "field": field.when.field,
                "id": choice,
                "near": nearest(choice, choices[field.when.field]),
            }
            yield document.problem("reference-choice", (*path, "among", index), **words)
