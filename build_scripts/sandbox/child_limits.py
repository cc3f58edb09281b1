"""Resource limits of a child process, set by ``inside_child``."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ChildLimits:
    """Limits of the process; subclasses add limits of the input."""

    memory: int = 1024 * MEGABYTE
    """Bytes of address space."""
    seconds: int = 60
    """CPU time."""
    patience: int = 2
    """Wall-clock allowance as a multiple of ``seconds``: a busy machine takes longer."""
    output: int = 300 * MEGABYTE
    """Bytes of output."""
    file_size: int = 0
    """Bytes of a file that it writes; 0 to forbid writing."""
