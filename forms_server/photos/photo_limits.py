"""Limits on photographs and on the resources of their decoding."""

from dataclasses import dataclass

from build_scripts.sandbox.child_limits import MEGABYTE, ChildLimits

MOST_A_SIDE = 6
"""Photographs of one issue, before rectification and after it, each."""

MOST_BYTES = 15 * MEGABYTE
"""Bytes of one uploaded file."""

MOST_BYTES_A_REQUEST = 60 * MEGABYTE
"""Bytes of all files in one request."""


@dataclass(frozen=True)
class PhotoLimits(ChildLimits):
    """Limits on one picture and on the process that decodes it."""

    pixels: int = 120_000_000
    """Width times height: more than any phone's camera makes."""
    longest: int = 1600
    """Pixels of the longer side of what is kept: enough to read a meter, small enough for a village's line."""
    small: int = 320
    """Pixels of the longer side of what lists show."""
    quality: int = 82
    """Of the JPEG that is kept."""
    seconds: int = 20
    patience: int = 3
    output: int = 30 * MEGABYTE


LIMITS = PhotoLimits()
