"""How alike two texts are: what the same problem is told by where no household names it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import combinations

from rapidfuzz import fuzz, process

ALIKE = 60
"""Percent of their characters that two texts have in common, in order, for a person to be asked about them."""

VERY_ALIKE = 80
"""The same where nobody was asked and the office is shown them: officials write in set phrases."""

_AT_ONCE = 1_000
_SILENT = re.compile(r"[\W_]+")
"""What is neither letter nor figure."""


def fold_text(text: str) -> str:
    """A text without blanks and punctuation: what is left says the same or does not."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text))


def likeness(one: str, other: str) -> float:
    """Percent of their characters that two texts have in common, in order, punctuation and blanks apart."""
    return fuzz.ratio(fold_text(one), fold_text(other))


def alike_pairs(texts: Sequence[str], at_least: float = VERY_ALIKE) -> Iterator[tuple[int, int]]:
    """The positions of each two texts that are alike, the earlier first."""
    folded = [fold_text(each) for each in texts]
    if len(folded) <= 2:
        yield from (
            pair
            for pair in combinations(range(len(folded)), 2)
            if fuzz.ratio(folded[pair[0]], folded[pair[1]]) >= at_least
        )
        return
    for start in range(0, len(folded), _AT_ONCE):
        scores = process.cdist(
            folded[start : start + _AT_ONCE], folded, scorer=fuzz.ratio, score_cutoff=at_least
        )
        rows, columns = scores.nonzero()
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True):
            if start + row < column:
                yield start + row, column
