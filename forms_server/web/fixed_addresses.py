"""Addresses that program and campaign fix, built once: a page names some forty of them, in its head and its menu."""

from typing import Any

from flask import Flask, current_app, request, url_for

_KEPT = "fixed addresses"


def install(app: Flask) -> None:
    """Let templates take them."""
    app.extensions[_KEPT] = {}
    app.jinja_env.globals["url_for"] = _address


def fixed_address(endpoint: str, **values: Any) -> str:
    """Return ``url_for`` of the same arguments, of which there may be few: what is built is kept."""
    kept: dict[object, str] = current_app.extensions[_KEPT]
    key = request.script_root, endpoint, *values.items()
    found = kept.get(key)
    if found is None:
        found = kept[key] = url_for(endpoint, **values)
    return found


def _address(endpoint: str, **values: Any) -> str:
    """Return the address of a route in a template; a blueprint's own short names are not used."""
    if endpoint == "static" or not values:
        return fixed_address(endpoint, **values)
    return url_for(endpoint, **values)
