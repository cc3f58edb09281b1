"""Descriptions of the YAML's keys, from ``keys.yml``."""

from functools import cache
from importlib.resources import files
from typing import Any

from pydantic import BaseModel

from checklist.loading.strictyaml import parse


@cache
def _catalogue() -> dict[str, Any]:
    content = files("checklist.authoring").joinpath("keys.yml").read_bytes()
    catalogue: dict[str, Any] = parse(content, "keys.yml").data
    return catalogue


def columns() -> dict[str, str]:
    """Field ids with a special meaning, each with its description."""
    return dict(_catalogue()["columns"])


def about(model: type[BaseModel]) -> str:
    """Return the description of a part of the campaign; empty if ``keys.yml`` has none, which a test finds."""
    words: str = _catalogue()["models"].get(_name(model), {}).get("about", "")
    return words


def meaning(model: type[BaseModel], key: str) -> str:
    """Return a key's description: the model's own, its base class's, or the common one.

    Empty if ``keys.yml`` has none, which a test finds.
    """
    models, common = _catalogue()["models"], _catalogue()["common"]
    for parent in model.__mro__:
        keys = models.get(_name(parent), {}).get("keys", {})
        if key in keys:
            return str(keys[key])
    return str(common.get(key, ""))


def _name(model: type) -> str:
    """Return a model's name in ``keys.yml``, without the underscore of base classes."""
    return model.__name__.lstrip("_")
