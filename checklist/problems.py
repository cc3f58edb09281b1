"""Problems of user input, as values that are collected and shown, not exceptions."""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from checklist.questions import Question


@dataclass(frozen=True)
class Problem:
    """One problem, with its place.

    ``place`` is ``file:line:column`` in a campaign folder, ``sheet!cell`` in a workbook, a field's id in a form.
    ``code`` is a key of the message catalogue. ``message`` says what is wrong and what to write instead.
    A ``warning`` accepts the value, but asks for a review of how it was understood. A ``question`` without an answer
    is an error until it has one, and a warning from then on.
    """

    place: str
    code: str
    message: str
    warning: bool = False
    question: Question | None = None

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def __lt__(self, other: "Problem") -> bool:
        """Return the sort key: place in natural order (row 9 before row 10), then code and message."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[list[tuple[str, int]], str, str, str]:
        # \d would also match digits that int() takes but that are no row numbers, such as Arabic-Indic ones.
        parts = re.split(r"([0-9]+)", self.place)
        pairs = [
            (words, int(figures or 0)) for words, figures in zip(parts[::2], [*parts[1::2], ""], strict=True)
        ]
        return pairs, self.place, self.code, self.message


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Return the errors: all problems but the warnings."""
    return [problem for problem in problems if not problem.warning]


def nearest(wanted: str, known: Collection[str]) -> str:
    """Return the hint at the end of a remedy: the known id most similar to the wanted one."""
    near = difflib.get_close_matches(wanted, known, n=1)
    return f"，是不是 {near[0]}" if near else ""
