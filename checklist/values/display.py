"""Display text of values, for lists, workbooks and history: a registry by field type."""

from collections.abc import Callable
from datetime import date

from checklist.date_formats import typed_day
from checklist.model import Campaign, Field, FieldType
from checklist.reading.deadlines import Deadline
from checklist.values.judge_results import Value
from checklist.values.type_families import FAMILIES


def display(field: Field, value: Value, campaign: Campaign) -> str:
    """Return the display text of a value; "" for None.

    A code or id that the campaign no longer has is shown as it is, so that old records stay readable.
    """
    return "" if value is None else DISPLAYS[field.holds](field, value, campaign)


def _township(field: Field, value: Value, campaign: Campaign) -> str:
    unit = campaign.unit_by_code.get(str(value))
    return unit.name if unit else str(value)


def _village(field: Field, value: Value, campaign: Campaign) -> str:
    village = campaign.village_by_code.get(str(value))
    return village.name if village else str(value)


def _problem_type(field: Field, value: Value, campaign: Campaign) -> str:
    problem_type = campaign.problem_type_by_id.get(str(value))
    return problem_type.name if problem_type else str(value)


def _choice(field: Field, value: Value, campaign: Campaign) -> str:
    return next((choice.label for choice in field.choices if choice.id == value), str(value))


def _as_it_is(field: Field, value: Value, campaign: Campaign) -> str:
    return str(value)


def _date(field: Field, value: Value, campaign: Campaign) -> str:
    return typed_day(value) if isinstance(value, date) else str(value)


def _deadline(field: Field, value: Value, campaign: Campaign) -> str:
    return value.text if isinstance(value, Deadline) else str(value)


DISPLAYS: dict[FieldType, Callable[[Field, Value, Campaign], str]] = {
    FieldType.SERIAL: _as_it_is,
    FieldType.TOWNSHIP: _township,
    FieldType.VILLAGE: _village,
    FieldType.PROBLEM_TYPE: _problem_type,
    FieldType.CHOICE: _choice,
    FieldType.TEXT: _as_it_is,
    FieldType.PARAGRAPH: _as_it_is,
    FieldType.INTEGER: _as_it_is,
    FieldType.DATE: _date,
    FieldType.DEADLINE: _deadline,
    FieldType.COMPUTED: _as_it_is,
    **{kind: each.show for kind, each in FAMILIES.items()},
}
"""Field type to formatter."""
