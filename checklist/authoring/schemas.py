"""A JSON Schema for each kind of file of a campaign, so that an editor completes and checks while one types."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, TypeAdapter

from checklist.authoring.words import about, meaning
from checklist.loading.loader import PARTS, CampaignPart
from checklist.model.base import Node

Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Name of the schema's file, such as ``areas.json``, to the schema."""
    return {schema_file(part): _schema(part) for part in PARTS.values()}


def schema_file(part: CampaignPart) -> str:
    """The name of the schema's file for a part of the folder."""
    return f"{part.name.rstrip('/').removesuffix('.yml')}.json"


def models() -> dict[str, type[BaseModel]]:
    """Every model that a file can hold, by its name."""
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
    """Puts the editors' words in the place of the docstrings, and takes away titles made of the keys."""
    definition.pop("title", None)
    definition.pop("description", None)
    if model:
        definition["description"] = about(model)
    for key, value in definition.get("properties", {}).items():
        value.pop("title", None)
        if model:
            value["description"] = meaning(model, key)
