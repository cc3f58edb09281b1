"""A document as plain values: paragraphs of named styles, and tables."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Paragraph:
    """A paragraph: its style and its text."""

    style: str
    text: str = ""


@dataclass(frozen=True)
class Table:
    """A table: its columns' headers and widths in millimetres, and rows of texts."""

    headers: Sequence[str]
    widths: Sequence[float]
    rows: Sequence[Sequence[str]]
    texts: Sequence[int] = ()
    """Columns that hold sentences and not figures."""


Block = Paragraph | Table
