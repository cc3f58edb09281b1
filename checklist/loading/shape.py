"""What pydantic finds wrong with a document, said at its place and in the words of who wrote the file."""

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
    "float_type": "type-number",
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
"""pydantic's type of error to the code of our message."""


_QUOTED = re.compile(r"'([^']*)'")
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DATE = re.compile(r"([0-9]{4})[^0-9]+([0-9]{1,2})[^0-9]+([0-9]{1,2})(?![0-9])")


def shape_problems(error: ValidationError, document: Document, schema: Any) -> Iterator[Problem]:
    """Each of pydantic's errors as a problem of the document."""
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
    """The code of our message for one of pydantic's errors."""
    code = CODES.get(detail["type"], "value-refused")
    if code != "key-unknown" and detail["input"] is None:
        return "text-empty"
    return "no-such-day" if code == "type-date" and _ISO.fullmatch(str(detail["input"])) else code


def _day(found: str) -> str:
    """A date as it should be written: the one that was meant where that can be told, else an example."""
    meant = _DATE.match(found)
    iso = "{:0>4}-{:0>2}-{:0>2}".format(*meant.groups()) if meant else ""
    try:
        return date.fromisoformat(iso).isoformat()
    except ValueError:
        return "2022-08-31"


def _only_follows(detail: Any) -> bool:
    """Whether a list is short only because pydantic left out the entries that it has refused already."""
    return bool(detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"])


def _shown(value: Any) -> str:
    """The value as the file has it, and never a page of nested data."""
    if isinstance(value, dict | list):
        return "一组键值" if isinstance(value, dict) else "一个列表"
    return "空" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _path(location: tuple[int | str, ...], document: Document) -> Path:
    """pydantic's location without the names of union members, which are not in the file."""
    path: Path = ()
    for index, step in enumerate(location):
        if (*path, step) in document.values or index == len(location) - 1:
            path = (*path, step)
    return path


def _keys(schema: Any, location: tuple[int | str, ...], document: Document) -> list[str]:
    """The keys that the mapping at a location may have."""
    for step in location:
        schema = _inner(schema, step)
    model = _model(schema)
    return list(model.model_fields) if model else []


def _inner(schema: Any, step: int | str) -> Any:
    """The type one step further in: of a model's field, of a list's element, or the union's member."""
    if isinstance(step, int):
        return next((arg for arg in _parts(schema) if arg is not Ellipsis), schema)
    model = _model(schema)
    if model and step in model.model_fields:
        return model.model_fields[step].annotation
    return next((m for m in _members(schema) if step in get_args(m.model_fields["kind"].annotation)), schema)


def _parts(schema: Any) -> tuple[Any, ...]:
    """Arguments of ``tuple[X, ...]``, found through Annotated and ``| None``."""
    if get_origin(schema) is tuple:
        return get_args(schema)
    return next((_parts(arg) for arg in get_args(schema) if get_origin(arg) is tuple), ())


def _members(schema: Any) -> list[type[BaseModel]]:
    """The models of a union that ``kind`` tells apart."""
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
