"""JSON Schemas of a campaign's files, for completion and validation in editors."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter

from checklist.authoring.key_descriptions import about, meaning
from checklist.loading.loader import PARTS, CampaignPart
from checklist.model.base import Node

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Return file name, such as ``areas.json``, to schema."""
    return {schema_file(part): _schema(part) for part in PARTS.values()}


def schema_file(part: CampaignPart) -> str:
    """Return the name of the schema's file for a part of the folder."""
    return f"{part.name.rstrip('/').removesuffix('.yml')}.json"


def models() -> dict[str, type[BaseModel]]:
    """Return every model that a file can hold, by its name."""
    return {model.__name__: model for model in _below(Node)}


def _below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    for child in model.__subclasses__():
        yield child
        yield from _below(child)


def _schema(part: CampaignPart) -> Schema:
    schema = TypeAdapter(part.schema).json_schema()
    known = models()
    for name, definition in schema.get("$defs", {}).items():
        _describe(definition, known.get(name))
    _describe(schema, part.schema if isinstance(part.schema, type) else None)
    schema.pop("discriminator", None)  # OpenAPI's, not JSON Schema's
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _describe(definition: Schema, model: type[BaseModel] | None) -> None:
    """Replace docstrings by the descriptions of ``keys.yml``, and drop titles derived from keys."""
    definition.pop("title", None)
    definition.pop("description", None)
    if model:
        definition["description"] = about(model)
    for key, value in definition.get("properties", {}).items():
        value.pop("title", None)
        if model:
            value["description"] = meaning(model, key)
