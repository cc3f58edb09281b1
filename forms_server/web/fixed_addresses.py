"""Addresses that program and campaign fix, built once: a page names some forty of them, in its head and its menu.

A record's addresses differ in its id alone: a list of records names hundreds.
"""

import re
from typing import Any

from flask import Flask, current_app, request, url_for

_KEPT = "fixed addresses"
_MOST = 5_000
"""Addresses that are kept at once; a program and a campaign have some hundreds."""


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
        if len(kept) >= _MOST:
            kept.clear()
        found = kept[key] = url_for(endpoint, **values)
    return found


def _address(endpoint: str, **values: Any) -> str:
    """Return the address of a route in a template; a blueprint's own short names are not used."""
    if endpoint == "static" or not values:
        return fixed_address(endpoint, **values)
    record_id = values.get("record_id")
    if values.keys() == _OF_A_RECORD and isinstance(record_id, str) and _ID.fullmatch(record_id):
        return fixed_address(endpoint, **{**values, "record_id": _ANY}).replace(_ANY, record_id)
    return url_for(endpoint, **values)


_OF_A_RECORD = {"form_id", "record_id"}
_ID = re.compile("[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_ANY = "ffffffff-ffff-4fff-bfff-ffffffffffff"
"""Stands for the id in an address that is kept."""
