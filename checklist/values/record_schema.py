"""JSON Schema of a form's records: a projection of the same fields as form, workbook and handbook."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from checklist.model import Campaign, Field, FieldType, FilledForm, Stage
from checklist.reading.deadlines import Deadline, DeadlineKind
from checklist.values.amount_types import in_json, limits_in_json
from checklist.values.judge_results import Value
from checklist.values.type_families import FAMILIES
from checklist.values.value_types import Schema


def record_schema(form: FilledForm, campaign: Campaign) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one record of a form, in the shape of :func:`as_json`.

    Required fields of the first stage are required; those of later stages may be null.
    """
    stored = [field for field in form.fields if field.type is not FieldType.SERIAL]
    conditions = [_condition(field) for field in stored if field.when]
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:huitoukan:{campaign.id}:{form.id}:{form.version}",
        "title": form.name,
        "description": form.purpose,
        "type": "object",
        "properties": {field.id: _property(field, campaign) for field in stored},
        "required": [field.id for field in stored if field.required and not field.when and _is_first(field)],
        "additionalProperties": False,
    }
    return schema | ({"allOf": conditions} if conditions else {})


def as_json(value: Value) -> Any:
    """Convert a value to JSON: a date to YYYY-MM-DD, a deadline to its kind, day and text."""
    if isinstance(value, Deadline):
        return {"kind": value.kind.value, "due": as_json(value.due), "text": value.text}
    if isinstance(value, Decimal):
        return in_json(value)
    if isinstance(value, tuple):
        return list(value)
    return value.isoformat() if isinstance(value, date) else value


def _property(field: Field, campaign: Campaign) -> Schema:
    """Return a field's schema, with its label and help; nullable if it may be empty."""
    values = SCHEMAS[field.holds](field, campaign)
    always = field.required and not field.when and _is_first(field)
    words = {"title": field.label} | ({"description": field.help} if field.help else {})
    return words | (values if always else {"anyOf": [values, {"type": "null"}]})


def _is_first(field: Field) -> bool:
    return field.stage is Stage.FOUND


def _condition(field: Field) -> Schema:
    """Return the rule that a field is empty unless its condition holds, and present if it holds and is required."""
    assert field.when
    holds = {
        "properties": {field.when.field: {"enum": list(field.when.among)}},
        "required": [field.when.field],
    }
    written: Schema = {"properties": {field.id: {"not": {"type": "null"}}}, "required": [field.id]}
    empty: Schema = {"properties": {field.id: {"type": "null"}}}
    return {"if": holds, "then": written if field.required and _is_first(field) else {}, "else": empty}


def _township(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "enum": [unit.code for unit in campaign.units.townships]}


def _village(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "enum": list(campaign.village_by_code)}


def _problem_type(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "enum": list(campaign.problem_type_by_id)}


def _choice(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "enum": [choice.id for choice in field.choices]}


def _text(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "minLength": 1} | _limits(maxLength=field.max_length)


def _integer(field: Field, campaign: Campaign) -> Schema:
    return {"type": "integer"} | limits_in_json(field)


def _date(field: Field, campaign: Campaign) -> Schema:
    return {"type": "string", "format": "date"}


def _deadline(field: Field, campaign: Campaign) -> Schema:
    due = {"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]}
    kinds = {"type": "string", "enum": [kind.value for kind in DeadlineKind]}
    properties = {"kind": kinds, "due": due, "text": _text(field, campaign)}
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _never(field: Field, campaign: Campaign) -> Schema:
    """Return no schema: serial numbers are not stored."""
    return {"not": {}}


def _limits(**limits: int | None) -> Schema:
    return {name: limit for name, limit in limits.items() if limit is not None}


SCHEMAS: dict[FieldType, Callable[[Field, Campaign], Schema]] = {
    FieldType.SERIAL: _never,
    FieldType.TOWNSHIP: _township,
    FieldType.VILLAGE: _village,
    FieldType.PROBLEM_TYPE: _problem_type,
    FieldType.CHOICE: _choice,
    FieldType.TEXT: _text,
    FieldType.PARAGRAPH: _text,
    FieldType.INTEGER: _integer,
    FieldType.DATE: _date,
    FieldType.DEADLINE: _deadline,
    FieldType.COMPUTED: _text,
    **{kind: each.schema for kind, each in FAMILIES.items()},
}
"""Field type to schema."""
