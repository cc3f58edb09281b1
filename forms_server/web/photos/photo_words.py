"""What templates say of photographs."""

from typing import Any

from forms_server.photos.photo_limits import LIMITS, MOST_A_SIDE
from forms_server.photos.photo_store import OF_UNITS, SIDE_NAMES

PICTURES = ".photos"
"""After a field's id: the input of its photographs. No field is called so."""


def photo_words() -> dict[str, Any]:
    """Template context for photographs."""
    return {
        "side_names": SIDE_NAMES,
        "sides_of_units": OF_UNITS,
        "most_photos": MOST_A_SIDE,
        "photo_limits": LIMITS,
        "pictures_of": PICTURES,
    }
