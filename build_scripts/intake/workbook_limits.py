"""Limits of an uploaded workbook: bytes, zip parts, rows, and what its reading may use."""

from dataclasses import dataclass

from build_scripts.sandbox.child_limits import MEGABYTE, ChildLimits


@dataclass(frozen=True)
class WorkbookLimits(ChildLimits):
    """Limits of one workbook: far above any county's ledger, far below what harms a small server."""

    packed: int = 30 * MEGABYTE
    """Bytes of the file."""
    unpacked: int = 400 * MEGABYTE
    """Decompressed bytes of all parts of a zip file."""
    parts: int = 2_000
    """Parts of a zip file."""
    sheets: int = 400
    """One sheet a village, for every village of a county."""
    rows: int = 200_000
    """Non-empty rows in all sheets together."""
    columns: int = 500
    """Columns from the first to the last non-empty one."""


LIMITS = WorkbookLimits()
