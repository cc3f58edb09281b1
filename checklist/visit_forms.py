"""The content of visits: forms, items, fields of the visit and of each problem.

A visit (排查) goes through the items of the checklist at one household, or in one unit's own work. Its problems are
issues of the form for that subject, whose fields are divided: some hold for the whole visit, some for each problem,
and those with a default are not shown.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from checklist.model import (
    KEPT_BY_SYSTEM,
    Area,
    Campaign,
    Field,
    FieldType,
    Item,
    ProblemType,
    RecordForm,
    Stage,
    Unit,
)

_OF_EACH_TYPES = frozenset({FieldType.PROBLEM_TYPE, FieldType.PARAGRAPH, FieldType.DEADLINE})
_OF_EACH_IDS = frozenset({"content", "measures", "responsible_person", "responsible_unit"})

Groups = tuple[tuple[Area, tuple[Item, ...]], ...]


def visit_forms(campaign: Campaign) -> tuple[RecordForm, ...]:
    """Return the forms whose issues visits find: the first one of each subject that has items."""
    asked = {subject for area in campaign.areas for item in area.all_items for subject in item.subjects}
    by_subject: dict[str, RecordForm] = {}
    for form in campaign.record_forms:
        if form.kind == "issue" and form.subject in asked:
            by_subject.setdefault(form.subject, form)
    return tuple(by_subject.values())


def asked_once(form: RecordForm) -> RecordForm:
    """Return the form with the fields of the whole visit: place, household, visitors."""
    fields = tuple(field for field in _found(form) if not _is_of_each(field) and not field.default)
    return form.model_copy(update={"fields": fields})


def asked_of_each(form: RecordForm) -> RecordForm:
    """Return the form with the fields of each problem."""
    return form.model_copy(update={"fields": tuple(filter(_is_of_each, _found(form)))})


def missing_once(form: RecordForm, values: Mapping[str, Any]) -> tuple[Field, ...]:
    """Return required fields that a visit's values lack, as a roster may not have them."""
    return tuple(
        field
        for field in asked_once(form).fields
        if field.required and field.id not in values
        and (field.when is None or values.get(field.when.field) in field.when.among)
    )  # fmt: skip


def issue_values(form: RecordForm, once: Mapping[str, Any], each: Mapping[str, Any]) -> dict[str, Any]:
    """Merge the values of a problem's issue: the visit's, its own, and the defaults."""
    defaults = {field.id: field.default for field in _found(form) if field.default}
    known = {field.id for field in form.fields}
    return {key: value for key, value in {**defaults, **once, **each}.items() if key in known}


def items_of(campaign: Campaign, form: RecordForm, unit: Unit, household_type: str | None) -> Groups:
    """Return the items of a visit, by area in the campaign's order; areas without any are left out.

    Args:
        campaign: provides the checklist.
        form: of the visit, which determines the subject.
        unit: the visiting one; general checks have only the items for that unit.
        household_type: id of the household's type; None if unknown, which selects every item.
    """
    return tuple(
        (area, items)
        for area in campaign.areas
        if (items := tuple(_asked(campaign, area, form, unit, household_type)))
    )


def problem_types_of(area: Area, item: Item) -> tuple[ProblemType, ...]:
    """Return the problem types that a finding at an item may count under: one, or a choice."""
    return tuple(kind for kind in area.problem_types if item.problem_type in (None, kind.id))


def _asked(
    campaign: Campaign, area: Area, form: RecordForm, unit: Unit, household_type: str | None
) -> Iterator[Item]:
    for item in area.all_items:
        if form.subject not in item.subjects:
            continue
        of_type = form.subject != "household" or not item.household_types or household_type is None
        units = {member.code for reference in item.asked_of for member in campaign.members(reference)}
        of_unit = form.subject == "household" or not item.asked_of or unit.code in units
        if of_unit and (of_type or household_type in item.household_types):
            yield item


def _found(form: RecordForm) -> Iterator[Field]:
    return (f for f in form.fields if f.stage is Stage.FOUND and f.type not in KEPT_BY_SYSTEM)


def _is_of_each(field: Field) -> bool:
    return field.type in _OF_EACH_TYPES or field.id in _OF_EACH_IDS
