"""How much of the machine one upload may take."""

from dataclasses import dataclass

from build_scripts.sandbox.child_limits import MEGABYTE, ChildLimits


@dataclass(frozen=True)
class WorkbookLimits(ChildLimits):
    """Limits on one workbook: far above any county's ledger, far below what harms a small server."""

    packed: int = 30 * MEGABYTE
    """Bytes of the file."""
    unpacked: int = 400 * MEGABYTE
    """Bytes of all parts of a packed file together."""
    parts: int = 2_000
    """Parts of a packed file."""
    sheets: int = 400
    """One sheet a village, for every village of a county."""
    rows: int = 200_000
    """Rows that hold anything, in all sheets together."""
    columns: int = 500
    """Columns from the first to the last that holds anything."""


LIMITS = WorkbookLimits()
