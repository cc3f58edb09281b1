"""What each key of the YAML means, in the words of its editors, from ``keys.yml``."""

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
    """Ids of fields that the program knows, each with what it does with the field."""
    return dict(_catalogue()["columns"])


def about(model: type[BaseModel]) -> str:
    """What a part of the campaign is; empty where ``keys.yml`` does not say, which a test finds."""
    words: str = _catalogue()["models"].get(_name(model), {}).get("about", "")
    return words


def meaning(model: type[BaseModel], key: str) -> str:
    """What a key of a model means: its own words, those of the model it inherits the key from, or the common ones.

    Empty where ``keys.yml`` does not say, which a test finds.
    """
    models, common = _catalogue()["models"], _catalogue()["common"]
    for parent in model.__mro__:
        keys = models.get(_name(parent), {}).get("keys", {})
        if key in keys:
            return str(keys[key])
    return str(common.get(key, ""))


def _name(model: type) -> str:
    """A model's name in ``keys.yml``: one that only others inherit from has no underscore there."""
    return model.__name__.lstrip("_")
