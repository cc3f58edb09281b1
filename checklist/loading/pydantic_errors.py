"""Translation of pydantic's errors to problems with place and message."""

import difflib
import re
from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from checklist.loading.strictyaml import Document, Path
from checklist.problems import Problem

CODES = {
    "bool_type": "type-boolean",
    "date_from_datetime_inexact": "type-date",
    "date_from_datetime_parsing": "type-date",
    "date_parsing": "type-date",
    "date_type": "type-date",
    "datetime_from_date_parsing": "type-moment",
    "datetime_parsing": "type-moment",
    "datetime_type": "type-moment",
    "decimal_parsing": "type-number",
    "decimal_type": "type-number",
    "float_type": "type-number",
    "greater_than": "number-too-small",
    "int_from_float": "type-integer",
    "int_type": "type-integer",
    "missing": "key-missing",
    "extra_forbidden": "key-unknown",
    "enum": "not-among",
    "literal_error": "not-among",
    "model_type": "type-mapping",
    "model_attributes_type": "type-mapping",
    "dict_type": "type-mapping",
    "tuple_type": "type-list",
    "string_type": "type-text",
    "string_too_short": "text-empty",
    "string_too_long": "text-too-long",
    "string_pattern_mismatch": "text-pattern",
    "too_short": "list-too-short",
    "greater_than_equal": "number-too-small",
    "less_than_equal": "number-too-large",
    "union_tag_invalid": "not-among",
    "union_tag_not_found": "key-missing",
}
"""Pydantic's error type to message code."""


_QUOTED = re.compile(r"'([^']*)'")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE = re.compile(r"([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})(?![0-9])")


def shape_problems(error: ValidationError, document: Document, schema: Any) -> Iterator[Problem]:
    """Yield pydantic's errors as problems of the document."""
    for detail in error.errors(include_url=False):
        path = _path(detail["loc"], document)
        if _only_follows(detail):
            continue
        context = {name: str(value) for name, value in detail.get("ctx", {}).items()}
        code = _code(detail)
        if code == "key-unknown":
            known = _keys(schema, detail["loc"][:-1], document)
            near = difflib.get_close_matches(str(path[-1]), known, n=1)
            yield document.key_problem(code, path, key_name=path[-1], known=near or known)
        elif code == "key-missing":
            missing = context.get("discriminator", "").strip("'") or detail["loc"][-1]
            yield document.problem(code, path, key_name=missing)
        elif detail["type"] == "union_tag_invalid":
            kind = (*path, context["discriminator"].strip("'"))
            yield document.problem(
                code, kind, found=context["tag"], expected=_QUOTED.findall(context["expected_tags"])
            )
        else:
            found = _shown(detail["input"])
            words: dict[str, Any] = {**context, "expected": _QUOTED.findall(context.get("expected", ""))}
            yield document.problem(code, path, found=found, detail=detail["msg"], day=_day(found), **words)


def _code(detail: Any) -> str:
    """Return the message code of one of pydantic's errors."""
    code = CODES.get(detail["type"], "value-refused")
    if code != "key-unknown" and detail["input"] is None:
        return "text-empty"
    return "no-such-day" if code == "type-date" and _ISO.fullmatch(str(detail["input"])) else code


def _day(found: str) -> str:
    """Return a correctly written date: the intended one if it can be inferred, else an example."""
    meant = _DATE.match(found)
    iso = "{:0>4}-{:0>2}-{:0>2}".format(*meant.groups()) if meant else ""
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return "2022-08-31"


def _only_follows(detail: Any) -> bool:
    """Return whether a list is too short only because pydantic dropped invalid entries."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def _shown(value: Any) -> str:
    """Return the value as typed, with nested data abbreviated."""
    if isinstance(value, dict | list):
        return "一组键值" if isinstance(value, dict) else "一个列表"
    return "空" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _path(location: tuple[int | str, ...], document: Document) -> Path:
    """Strip the names of union members, which are not in the file, from pydantic's location."""
    path: Path = ()
    for index, step in enumerate(location):
        if (*path, step) in document.values or index == len(location) - 1:
            path = (*path, step)
    return path


def _keys(schema: Any, location: tuple[int | str, ...], document: Document) -> list[str]:
    """Return the valid keys of the mapping at a location."""
    for step in location:
        schema = _inner(schema, step)
    model = _model(schema)
    return list(model.model_fields) if model else []


def _inner(schema: Any, step: int | str) -> Any:
    """Return the type one step deeper: of a model's field, a list's element, or a union's member."""
    if isinstance(step, int):
        return next((arg for arg in _parts(schema) if arg is not Ellipsis), schema)
    model = _model(schema)
    if model and step in model.model_fields:
        return model.model_fields[step].annotation
    return next((m for m in _members(schema) if step in get_args(m.model_fields["kind"].annotation)), schema)


def _parts(schema: Any) -> tuple[Any, ...]:
    """Return the arguments of ``tuple[X, ...]``, through Annotated and ``| None``."""
    if get_origin(schema) is tuple:
        return get_args(schema)
    return next((_parts(arg) for arg in get_args(schema) if get_origin(arg) is tuple), ())


def _members(schema: Any) -> list[type[BaseModel]]:
    """Return the models of a union discriminated by ``kind``."""
    if get_origin(schema) is Annotated:
        return _members(get_args(schema)[0])
    return [
        arg
        for arg in get_args(schema)
        if isinstance(arg, type) and "kind" in getattr(arg, "model_fields", {})
    ]


def _model(schema: Any) -> type[BaseModel] | None:
    if isinstance(schema, type) and issubclass(schema, BaseModel):
        return schema
    return next(
        (arg for arg in get_args(schema) if isinstance(arg, type) and issubclass(arg, BaseModel)), None
    )
