"""What is wrong with something that a person wrote: a value that is collected and shown, not an exception."""

import difflib
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong, and where.

    ``place`` is ``file:line:column`` in a campaign folder, ``sheet!cell`` in a workbook, a field's id in a form.
    ``code`` is a key of the message catalogue. ``message`` says what is wrong and what to write instead.
    A ``warning`` lets the value through, but a person should look at how it was understood.
    """

    place: str
    code: str
    message: str
    warning: bool = False

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"

    def __lt__(self, other: "Problem") -> bool:
        """Order by place, figures as figures (row 9 before row 10), then by code and message."""
        return self._order < other._order

    @property
    def _order(self) -> tuple[list[tuple[str, int]], str, str, str]:
        # \d would also match figures that int() takes but that are no row numbers, such as Arabic-Indic ones.
        parts = re.split(r"([0-9]+)", self.place)
        pairs = [
            (words, int(figures or 0)) for words, figures in zip(parts[::2], [*parts[1::2], ""], strict=True)
        ]
        return pairs, self.place, self.code, self.message


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """The problems that keep the whole from being taken: all but the warnings."""
    return [problem for problem in problems if not problem.warning]


def nearest(wanted: str, known: Collection[str]) -> str:
    """The end of a remedy: the known id that looks most like the wanted one."""
    near = difflib.get_close_matches(wanted, known, n=1)
    return f"，是不是 {near[0]}" if near else ""
