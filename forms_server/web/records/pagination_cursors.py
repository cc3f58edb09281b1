"""Pagination cursors in query strings."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from typing import Any
from uuid import UUID

from forms_server.records.keyset_paging import Position

_AFTER, _BEFORE = "after", "before"
_LONGEST_NUMBER = 12
"""Digits."""


def position(arguments: Mapping[str, str], *, day: bool) -> Position | None:
    """Parse the cursor of a page; None for the first page.

    Args:
        arguments: of the address.
        day: whether the list is in the order of days rather than of moments.
    """
    for name in (_AFTER, _BEFORE):
        key, _, record_id = arguments.get(name, "").partition("_")
        try:
            at = date.fromisoformat(key) if day else datetime.fromisoformat(key).replace(tzinfo=None)
            return Position(at, str(UUID(record_id)), back=name == _BEFORE)
        except ValueError:
            continue
    return None


def written(place: Position | None) -> dict[str, Any]:
    """URL arguments of a cursor; none for the first page."""
    if place is None:
        return {}
    key = str(place.key) if isinstance(place.key, int) else place.key.isoformat()
    return {_BEFORE if place.back else _AFTER: f"{key}_{place.id}"}


def position_by_number(arguments: Mapping[str, str]) -> Position | None:
    """Parse the cursor of a page in the order of numbers; None for the first page."""
    for name in (_AFTER, _BEFORE):
        key, _, row_id = arguments.get(name, "").partition("_")
        if key.isascii() and key.isdigit() and len(key) <= _LONGEST_NUMBER:
            with suppress(ValueError):
                return Position(int(key), str(UUID(row_id)), back=name == _BEFORE)
    return None
