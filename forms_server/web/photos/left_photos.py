"""Photographs that a stored record came without: its browser keeps them until somebody has seen to them."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import g

from forms_server.photos.photo_store import Side


def left_photos() -> Sequence[Mapping[str, Any]]:
    """What this request's record was stored without, for the browser, which keeps it until somebody has seen to it.

    Of each field of the form: the ``places`` of the files, ``why``, and the ``action``, ``side`` and ``form`` by which
    they can be sent again; an empty action where they cannot.
    """
    left: Sequence[Mapping[str, Any]] = g.get("left_photos", ())
    return left


def leave_photos(name: str, side: Side, places: Sequence[int], why: str, action: str = "") -> None:
    """Tell the browser what the record of this request is stored without.

    Args:
        name: of the input that the files came in.
        side: of the photographs.
        places: of these files among those of the input, from 0.
        why: sentences.
        action: as in ``left_photos``.
    """
    left = {"field": name, "places": [*places], "why": why, "action": action, "side": side.value}
    g.setdefault("left_photos", []).append({**left, "form": f"photos-form-{side.value}"})
