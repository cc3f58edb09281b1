"""Cell metadata beside the values: formats, hidden rows and columns, formula errors."""

from dataclasses import dataclass, field

Place = tuple[int, int]
"""Row from 1, column from 0."""


@dataclass(frozen=True)
class SheetMarkup:
    """The markup of one sheet."""

    percent: frozenset[Place] = frozenset()
    """Cells that are shown as per cent."""
    struck: frozenset[Place] = frozenset()
    """Cells that are struck through."""
    hidden: frozenset[int] = frozenset()
    """Numbers of hidden rows."""
    hidden_columns: frozenset[int] = frozenset()
    """Hidden columns, from 0."""
    filtered: bool = False
    """Whether a filter is set."""
    computed: dict[Place, str] = field(default_factory=dict)
    """Formulas that ended in an error (its text), and formulas that were never calculated (empty)."""
