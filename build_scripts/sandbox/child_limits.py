"""How much of the machine one child process may take."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class ChildLimits:
    """Limits on the process; whoever uses one adds limits on what it reads by inheriting from this."""

    memory: int = 1024 * MEGABYTE
    """Bytes of address space."""
    seconds: int = 60
    """Of processor time."""
    patience: int = 2
    """How many times ``seconds`` may pass by the clock: on a busy machine the same work takes longer."""
    output: int = 300 * MEGABYTE
    """Bytes that it may hand over."""
    file_size: int = 0
    """Bytes of a file that it writes; 0 where it writes none."""
