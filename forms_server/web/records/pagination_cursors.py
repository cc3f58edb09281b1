"""Pagination cursors in query strings."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from forms_server.records.keyset_paging import Position

_AFTER, _BEFORE = "after", "before"


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
    return {_BEFORE if place.back else _AFTER: f"{place.key.isoformat()}_{place.id}"}
